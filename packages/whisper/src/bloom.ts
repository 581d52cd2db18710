/**
 * Bloom filters over topics (EIP-627, "Bloom filter"): a node tells its peers which envelopes it wants without telling
 * its topics.
 *
 * A topic has three indexes: index j = topic[j], plus 256 if bit j of topic[3] is set. Bit i lives in byte i / 8, bit
 * i % 8 from the least significant. Where two indexes of one topic fall into the same byte only the later one stays: the
 * reference nodes assign that byte instead of or-ing it and compare with exactly this filter, so it belongs to the wire.
 */
import type { Brand } from '@status-protocol/bytes'
import { expectBytes } from './error.ts'
import type { Topic } from './topic.ts'

export const BLOOM_BYTES = 64

/** 64 bytes. */
export type Bloom = Brand<Uint8Array, 'Bloom'>

/** Checks the length. @throws WhisperError `invalid-argument` unless there are 64 bytes */
export function bloomFrom(bytes: Uint8Array): Bloom {
  return expectBytes(bytes, BLOOM_BYTES, 'bloom filter') as Bloom
}

/** A new filter that lets nothing through. */
export function emptyBloom(): Bloom {
  return new Uint8Array(BLOOM_BYTES) as Bloom
}

/** A new filter that lets everything through: that of a full node. */
export function fullBloom(): Bloom {
  return new Uint8Array(BLOOM_BYTES).fill(0xff) as Bloom
}

/** The filter of one topic: 1 to 3 bits. */
export function bloomOf(topic: Topic): Bloom {
  const bloom = emptyBloom()
  for (let j = 0; j < 3; j++) {
    const index = bitIndex(topic, j)
    bloom[index >> 3] = 1 << (index & 7)
  }
  return bloom
}

/** The filter that lets all these topics through. */
export function bloomOfTopics(topics: Iterable<Topic>): Bloom {
  const bloom = emptyBloom()
  for (const topic of topics) addBloom(bloom, bloomOf(topic))
  return bloom
}

/** The filter that lets through what any of these lets through. */
export function unionOfBlooms(blooms: Iterable<Bloom>): Bloom {
  const union = emptyBloom()
  for (const bloom of blooms) addBloom(union, bloom)
  return union
}

/** Whether every bit of `sample` is set in `filter`. No filter lets everything through. */
export function bloomMatches(filter: Bloom | undefined, sample: Bloom): boolean {
  if (filter === undefined) return true
  for (let i = 0; i < BLOOM_BYTES; i++) {
    const bits = sample[i] as number
    if (((filter[i] as number) & bits) !== bits) return false
  }
  return true
}

/** `bloomMatches(filter, bloomOf(topic))` without making the topic's filter. */
export function bloomMatchesTopic(filter: Bloom | undefined, topic: Topic): boolean {
  if (filter === undefined) return true
  const [i0, i1, i2] = [bitIndex(topic, 0), bitIndex(topic, 1), bitIndex(topic, 2)]
  if (i0 >> 3 !== i1 >> 3 && i0 >> 3 !== i2 >> 3 && !isSet(filter, i0)) return false
  if (i1 >> 3 !== i2 >> 3 && !isSet(filter, i1)) return false
  return isSet(filter, i2)
}

function bitIndex(topic: Topic, j: number): number {
  return (topic[j] as number) + ((((topic[3] as number) >> j) & 1) << 8)
}

function isSet(filter: Bloom, index: number): boolean {
  return (((filter[index >> 3] as number) >> (index & 7)) & 1) === 1
}

function addBloom(target: Bloom, more: Bloom): void {
  for (let i = 0; i < BLOOM_BYTES; i++) target[i] = (target[i] as number) | (more[i] as number)
}
