/**
 * The serialised form of a session, about 250 bytes and 32 for each kept key, at most 161 kB:
 *
 * ```
 * version(1)=2 || dh(1) || k(1) || flags(1) || root key(32)
 *   || sending key(32) || sending n(4) || receiving key(32) || receiving n(4) || pn(4) || keys count(6)
 *   || own private key(32) || own public key(k) || [remote key(k), if flags & 1]
 *   || runs(2) || runs * ( flags(1) || [ratchet key(k), if flags & 1] || first n(4) || first seq(6) || day(2)
 *                          || count(2) || count * message key(32) )
 * ```
 *
 * Numbers are big endian; k is the length of a public key. A run is kept keys of one chain and
 * day that follow each other. Version 1, which is still read, has no days.
 */
import { equal } from '@status-protocol/bytes'
import { BinaryReader, BinaryWriter } from '../binary.ts'
import { keyPair, PRIVATE_KEY_BYTES } from '../keys.ts'
import { type KeptKey, MAX_KEPT_KEYS } from './kept-keys.ts'
import { type Chain, type RatchetOptions, type RatchetState, ratchetState, toolsOf } from './state.ts'

const VERSION = 2
const [HAS_KEY, NO_KEY] = [1, 0]
const SYMMETRIC_KEY_BYTES = 32
const SEQ_BYTES = 6
const DAY_BYTES = 2

export function encodeRatchetState(state: RatchetState): Uint8Array {
  const { self, remoteKey } = state
  const writer = new BinaryWriter()
    .uint(VERSION, 1)
    .uint(state.dhId, 1)
    .uint(self.publicKey.length, 1)
    .uint(remoteKey ? HAS_KEY : NO_KEY, 1)
    .bytes(state.rootKey)
  for (const { key, n } of [state.sending, state.receiving]) writer.bytes(key).uint(n, 4)
  writer.uint(state.pn, 4).uint(state.keysCount, SEQ_BYTES).bytes(self.privateKey).bytes(self.publicKey)
  if (remoteKey) writer.bytes(remoteKey)
  const runs = runsOf(state.kept)
  writer.uint(runs.length, 2)
  for (const run of runs) writeRun(writer, run)
  return writer.finish()
}

/**
 * Reads exactly what {@link encodeRatchetState} wrote.
 *
 * @throws DoubleRatchetError `corrupt-state`: another version, another Diffie-Hellman function, cut off or too long
 */
export function decodeRatchetState(bytes: Uint8Array, options: RatchetOptions = {}): RatchetState {
  const { dh } = toolsOf(options)
  const reader = new BinaryReader(bytes, 'ratchet state')
  const version = reader.uint(1)
  if (version < 1 || version > VERSION) reader.fail(`version ${version} is unknown`)
  const dhId = reader.uint(1)
  const keyBytes = reader.uint(1)
  if (dhId !== dh.id || keyBytes !== dh.publicKeyBytes)
    reader.fail(`it was made with Diffie-Hellman function ${dhId}, not with ${dh.id}`)
  const flags = reader.below(2, 'flag')
  const rootKey = reader.bytes(SYMMETRIC_KEY_BYTES)
  const [sending, receiving] = [readChain(reader), readChain(reader)]
  const pn = reader.uint(4)
  const keysCount = reader.uint(SEQ_BYTES)
  const privateKey = reader.bytes(PRIVATE_KEY_BYTES)
  const self = keyPair({ privateKey, publicKey: reader.bytes(keyBytes) })
  const remoteKey = flags === HAS_KEY ? reader.bytes(keyBytes) : undefined
  const kept: KeptKey[] = []
  for (let runs = reader.uint(2); runs > 0; runs--)
    readRun(reader, { keyBytes, keysCount, hasDays: version > 1 }, kept)
  reader.end()
  return ratchetState({ dhId, rootKey, sending, receiving, pn, self, remoteKey, keysCount, kept })
}

function readChain(reader: BinaryReader): Chain {
  return { key: reader.bytes(SYMMETRIC_KEY_BYTES), n: reader.uint(4) }
}

type Run = readonly [KeptKey, ...KeptKey[]]

function runsOf(kept: readonly KeptKey[]): readonly Run[] {
  const runs: [KeptKey, ...KeptKey[]][] = []
  let last: KeptKey | undefined
  for (const key of kept) {
    const follows =
      last &&
      key.n === last.n + 1 &&
      key.seq === last.seq + 1 &&
      key.day === last.day &&
      equal(key.ratchetKey, last.ratchetKey)
    if (follows) runs[runs.length - 1]?.push(key)
    else runs.push([key])
    last = key
  }
  return runs
}

function writeRun(writer: BinaryWriter, run: Run): void {
  const [{ ratchetKey, n, seq, day }] = run
  writer.uint(ratchetKey.length > 0 ? HAS_KEY : NO_KEY, 1).bytes(ratchetKey)
  writer.uint(n, 4).uint(seq, SEQ_BYTES).uint(day, DAY_BYTES).uint(run.length, 2)
  for (const { messageKey } of run) writer.bytes(messageKey)
}

interface RunForm {
  readonly keyBytes: number
  readonly keysCount: number
  readonly hasDays: boolean
}

function readRun(reader: BinaryReader, { keyBytes, keysCount, hasDays }: RunForm, kept: KeptKey[]): void {
  const ratchetKey = reader.bytes(reader.below(2, 'flag of a run') === HAS_KEY ? keyBytes : 0)
  const n = reader.uint(4)
  const seq = reader.uint(SEQ_BYTES)
  const day = hasDays ? reader.uint(DAY_BYTES) : 0
  const count = reader.uint(2)
  const newest = kept[kept.length - 1]
  if (count === 0 || kept.length + count > MAX_KEPT_KEYS)
    reader.fail(`it keeps more than ${MAX_KEPT_KEYS} keys`)
  if ((newest && newest.seq >= seq) || seq + count > keysCount || n + count > 2 ** 32)
    reader.fail('its kept keys are not in their order')
  for (let i = 0; i < count; i++)
    kept.push({ ratchetKey, n: n + i, seq: seq + i, day, messageKey: reader.bytes(SYMMETRIC_KEY_BYTES) })
}
