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
 * A pre key is erased this long after another took its place: as long as mailservers keep messages. Who begins a session
 * on it later is answered with our bundle.
 */
export const OLD_PRE_KEY_LIFETIME_MS: number = 30 * PRE_KEY_LIFETIME_MS

/** Pre keys kept: those of 30 days, and some that were renewed early. Oldest first out. */
export const MAX_OWN_PRE_KEYS = 96
/** With as many, none is renewed early: nobody can push those of 30 days out by asking for new ones. */
const MAX_BEFORE_EARLY_RENEWAL = 64
const EARLY_RENEWAL_MS = PRE_KEY_LIFETIME_MS / 24

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

/** Not one whose time is over, even if nothing has erased it yet. */
export function findPreKey(
  preKeys: readonly OwnPreKey[],
  id: Uint8Array,
  nowMs: number,
): OwnPreKey | undefined {
  return withoutOldPreKeys(preKeys, nowMs).find((candidate) => equal(candidate.id, id))
}

/** The same list if none is over. The newest never is. */
export function withoutOldPreKeys(preKeys: readonly OwnPreKey[], nowMs: number): readonly OwnPreKey[] {
  const kept = preKeys.filter((_, i) => {
    const next = preKeys[i + 1]
    return next === undefined || nowMs - next.createdMs < OLD_PRE_KEY_LIFETIME_MS
  })
  return kept.length === preKeys.length ? preKeys : kept
}

/** Whether the newest may be renewed although its day is not over, so that peers begin new sessions. */
export function mayRenewEarly(preKeys: readonly OwnPreKey[], nowMs: number): boolean {
  const last = newestPreKey(preKeys)
  return (
    last !== undefined &&
    preKeys.length < MAX_BEFORE_EARLY_RENEWAL &&
    Math.abs(nowMs - last.createdMs) >= EARLY_RENEWAL_MS
  )
}

/**
 * The same list while its newest is fresh and the others are not too old; else with a new one, and without the oldest.
 *
 * @param options.isEarly renew it although it is fresh
 */
export function withFreshPreKey(
  before: readonly OwnPreKey[],
  context: { readonly nowMs: number; readonly random: Random; readonly crypto: CryptoProvider },
  { isEarly = false }: { readonly isEarly?: boolean } = {},
): { readonly preKeys: readonly OwnPreKey[]; readonly newest: OwnPreKey } {
  const preKeys = withoutOldPreKeys(before, context.nowMs)
  const last = newestPreKey(preKeys)
  // Not "younger than": a clock that was ahead once must not stop renewal until then.
  const isFresh = last && Math.abs(context.nowMs - last.createdMs) < PRE_KEY_LIFETIME_MS
  if (isFresh && !isEarly) return { preKeys, newest: last }
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
