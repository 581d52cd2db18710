/** Our installation's own pre keys: the newest is published, older ones read what was written to them. */
import { equal } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { BinaryReader, BinaryWriter } from '../binary.ts'
import { concealed } from '../concealed.ts'
import { COMPRESSED_KEY_BYTES, generateKeyPair, PRIVATE_KEY_BYTES } from '../keys.ts'

/** A new pre key is made when the newest is this old, as the clients do. Sessions on older ones only read. */
export const PRE_KEY_LIFETIME_MS: number = 24 * 60 * 60 * 1000

/**
 * Pre keys kept, the newest of 64 different days: longer than mailservers keep messages, and somebody who has read our
 * bundle two months ago still reaches us.
 */
export const MAX_OWN_PRE_KEYS = 64

export interface OwnPreKey {
  /** 33 bytes: the public key is the id. */
  readonly id: Uint8Array
  readonly privateKey: Uint8Array
  /** 1 for the first, then one more each time. */
  readonly version: number
  readonly createdMs: number
}

/** @internal */
export const ownPreKey: (fields: OwnPreKey) => OwnPreKey = concealed('OwnPreKey')

export const OWN_TABLE = 'double-ratchet.own'
export const OWN_PRE_KEYS_KEY: Uint8Array = new Uint8Array(0)

export function newestPreKey(preKeys: readonly OwnPreKey[]): OwnPreKey | undefined {
  return preKeys[preKeys.length - 1]
}

export function findPreKey(preKeys: readonly OwnPreKey[], id: Uint8Array): OwnPreKey | undefined {
  return preKeys.find((candidate) => equal(candidate.id, id))
}

/** The same list while its newest is fresh; else with a new one, and without the oldest if they are too many. */
export function withFreshPreKey(
  preKeys: readonly OwnPreKey[],
  context: { readonly nowMs: number; readonly random: Random; readonly crypto: CryptoProvider },
): { readonly preKeys: readonly OwnPreKey[]; readonly newest: OwnPreKey } {
  const last = newestPreKey(preKeys)
  // Not "younger than": a clock that was ahead once must not stop renewal until then.
  if (last && Math.abs(context.nowMs - last.createdMs) < PRE_KEY_LIFETIME_MS) return { preKeys, newest: last }
  const { publicKey: id, privateKey } = generateKeyPair(context.crypto, context.random)
  const newest = ownPreKey({ id, privateKey, version: (last?.version ?? 0) + 1, createdMs: context.nowMs })
  return { preKeys: [...preKeys.slice(-(MAX_OWN_PRE_KEYS - 1)), newest], newest }
}

const VERSION = 1
const MS_BYTES = 6

/** `version(1)=1 || count(1) || count * ( id(33) || private key(32) || version(4) || created, ms(6) )`, oldest first. */
export function encodeOwnPreKeys(preKeys: readonly OwnPreKey[]): Uint8Array {
  const writer = new BinaryWriter().uint(VERSION, 1).uint(preKeys.length, 1)
  for (const { id, privateKey, version, createdMs } of preKeys)
    writer.bytes(id).bytes(privateKey).uint(version, 4).uint(createdMs, MS_BYTES)
  return writer.finish()
}

/** @throws DoubleRatchetError `corrupt-state` */
export function decodeOwnPreKeys(bytes: Uint8Array): readonly OwnPreKey[] {
  const reader = new BinaryReader(bytes, 'own pre keys')
  const version = reader.uint(1)
  if (version !== VERSION) reader.fail(`version ${version} is unknown`)
  const count = reader.below(MAX_OWN_PRE_KEYS + 1, 'number of pre keys')
  const preKeys: OwnPreKey[] = []
  for (let i = 0; i < count; i++)
    preKeys.push(
      ownPreKey({
        id: reader.bytes(COMPRESSED_KEY_BYTES),
        privateKey: reader.bytes(PRIVATE_KEY_BYTES),
        version: reader.uint(4),
        createdMs: reader.uint(MS_BYTES),
      }),
    )
  reader.end()
  return preKeys
}
