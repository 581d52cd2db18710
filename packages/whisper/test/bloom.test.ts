import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bloomFrom,
  bloomMatches,
  bloomMatchesTopic,
  bloomOf,
  bloomOfTopics,
  emptyBloom,
  fullBloom,
  topicFrom,
  topicNumber,
  topicOfText,
  unionOfBlooms,
} from '../src/index.ts'

const topics = fc.uint8Array({ minLength: 4, maxLength: 4 }).map(topicFrom)
/** Topics whose indexes meet in one byte more often than not. */
const crowded = fc
  .tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 20 })), fc.integer({ min: 0, max: 7 }))
  .map((bytes) => topicFrom(Uint8Array.from(bytes)))
const blooms = fc.uint8Array({ minLength: 64, maxLength: 64 }).map(bloomFrom)

describe('topics', () => {
  it('are the first 4 bytes of the text’s hash, with nothing done to the text', () => {
    expect([...topicOfText('status')]).toEqual([0xcd, 0x42, 0x37, 0x60])
    expect(topicOfText('Status')).not.toEqual(topicOfText('status'))
    expect(topicOfText('e\u0301')).not.toEqual(topicOfText('\u00e9'))
  })

  it('have 4 bytes and a number', () => {
    for (const length of [0, 3, 5])
      expect(() => topicFrom(new Uint8Array(length))).toThrow(/topic: expected 4/)
    expect(topicNumber(topicFrom(Uint8Array.of(0xff, 0, 0, 1)))).toBe(0xff000001)
  })
})

describe('EIP-627 bloom filters', () => {
  it('have 64 bytes', () => {
    expect(() => bloomFrom(new Uint8Array(63))).toThrow(/bloom filter: expected 64 bytes/)
  })

  it('keep only the later of two indexes in one byte, as the reference', () => {
    const bloom = bloomOf(topicFrom(Uint8Array.of(0, 1, 2, 0)))
    expect(bloom[0]).toBe(0b100)
    expect(bloom.subarray(1)).toEqual(new Uint8Array(63))
  })

  it('match a topic exactly if they match its filter', () => {
    fc.assert(
      fc.property(fc.oneof(topics, crowded), fc.oneof(blooms, topics.map(bloomOf)), (topic, bloom) => {
        expect(bloomMatchesTopic(bloom, topic)).toBe(bloomMatches(bloom, bloomOf(topic)))
        const wide = unionOfBlooms([bloom, bloomOf(topic)])
        expect(bloomMatchesTopic(wide, topic)).toBe(true)
        expect(bloomMatches(wide, bloom)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('match nothing, everything', () => {
    fc.assert(
      fc.property(topics, (topic) => {
        expect(bloomMatchesTopic(emptyBloom(), topic)).toBe(false)
        expect(bloomMatchesTopic(fullBloom(), topic)).toBe(true)
        expect(bloomMatchesTopic(undefined, topic)).toBe(true)
        expect(bloomMatches(undefined, bloomOf(topic))).toBe(true)
      }),
    )
  })

  it('of many topics let each of them through', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(topics, crowded)), (list) => {
        const bloom = bloomOfTopics(list)
        for (const topic of list) expect(bloomMatchesTopic(bloom, topic)).toBe(true)
        expect(unionOfBlooms(list.map(bloomOf))).toEqual(bloom)
      }),
    )
  })
})
