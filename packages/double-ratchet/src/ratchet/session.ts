/** The Double Ratchet: one message out, one message in. Pure; a message that does not open changes nothing. */
import { concat, equal } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { DoubleRatchetError } from '../error.ts'
import { wiping } from '../wipe.ts'
import { bytesArgument } from '../wire.ts'
import { openWithMessageKey, sealWithMessageKey } from './aead.ts'
import type { DiffieHellman } from './dh.ts'
import { encodeRatchetHeader, type RatchetHeader } from './header.ts'
import { kdfChainKey, kdfRootKey } from './kdf.ts'
import {
  dayOf,
  findKeptKey,
  type KeptKey,
  keepKeys,
  MAX_SKIPPED_KEYS,
  withoutKey,
  withoutOldKeys,
} from './kept-keys.ts'
import {
  type Chain,
  type RatchetOptions,
  type RatchetState,
  ratchetState,
  toolsOf,
  withoutFirstKey,
} from './state.ts'

export interface RatchetMessage {
  readonly header: RatchetHeader
  /** `iv(16) || ciphertext || MAC(32)`. */
  readonly ciphertext: Uint8Array
}

/** Authenticated with the message, not sent; empty in Status. */
interface AssociatedData {
  readonly associatedData?: Uint8Array
}

/** Why a message did not open. */
export type RatchetRefusal =
  /** The MAC does not fit: changed on the way, another session, or not ours. */
  | 'not-authentic'
  /** The header's key is no key of the curve, or would give an all-zero secret. */
  | 'bad-key'
  /** More than 1,000 messages are missing before this one. */
  | 'too-many-skipped'
  /** An earlier message whose key is gone: it was confirmed as processed, or is too old. */
  | 'key-gone'

export type RatchetDecryption =
  | { readonly ok: true; readonly state: RatchetState; readonly plaintext: Uint8Array }
  | { readonly ok: false; readonly reason: RatchetRefusal }

const MAX_N = 0xffff_ffff

/**
 * With `random` the iv is drawn from it, so that a state that is used again, restored from a backup, does not show both
 * plaintexts; without it the iv follows from the message key.
 *
 * @throws DoubleRatchetError `chain-exhausted` after 2^32 - 1 messages in one chain; `invalid-argument`
 */
export function ratchetEncrypt(
  state: RatchetState,
  plaintext: Uint8Array,
  options: RatchetOptions & AssociatedData & { readonly random?: Random | undefined } = {},
): { readonly state: RatchetState; readonly message: RatchetMessage } {
  const { crypto } = checkedTools(state, options)
  bytesArgument(plaintext, 'plaintext')
  if (state.sending.n >= MAX_N)
    throw new DoubleRatchetError('chain-exhausted', 'the sending chain has no message numbers left')
  const header: RatchetHeader = { key: state.self.publicKey, n: state.sending.n, pn: state.pn }
  const { chainKey, messageKey } = kdfChainKey(crypto, state.sending.key)
  const ciphertext = wiping([messageKey], () =>
    sealWithMessageKey(crypto, messageKey, plaintext, {
      associatedData: authenticated(header, options),
      random: options.random,
    }),
  )
  const next = ratchetState({ ...state, sending: { key: chainKey, n: state.sending.n + 1 } })
  return { state: next, message: { header, ciphertext } }
}

/**
 * Reads a message in whatever order it comes. Its key is kept, so that a repetition reads again, until
 * {@link forgetMessageKey}.
 *
 * `random` is drawn from only for a message that is authentic and brings a new ratchet key. With `nowMs` (milliseconds
 * since 1970) keys that are kept for later messages go after 30 days; without it only their number bounds them.
 */
export function ratchetDecrypt(
  before: RatchetState,
  message: RatchetMessage,
  options: RatchetOptions & AssociatedData & { readonly random: Random; readonly nowMs?: number },
): RatchetDecryption {
  const tools = checkedTools(before, options)
  const { header } = message
  if (header.key.length !== tools.dh.publicKeyBytes) return refused('bad-key')
  const read = (messageKey: Uint8Array) =>
    openWithMessageKey(tools.crypto, messageKey, message.ciphertext, authenticated(header, options))

  const today = dayOf(options.nowMs)
  const kept = findKeptKey(withoutOldKeys(before.kept, today), header)
  if (kept) {
    const plaintext = read(kept.messageKey)
    return plaintext ? { ok: true, state: before, plaintext } : refused('not-authentic')
  }

  const turned = before.remoteKey === undefined || !equal(header.key, before.remoteKey)
  const state = turned && header.pn === 0 ? withoutFirstKey(before) : before
  const stillKept = withoutOldKeys(state.kept, today)
  const gap = gapRefusal(state, header, turned)
  if (gap) return refused(gap)
  const turn = turned ? receivingTurn(state, header.key, tools) : state
  if (!turn) return refused('bad-key')
  const reached = advance(turn.receiving, header.n + 1, tools.crypto)
  const plaintext = read(reached.messageKeys[reached.messageKeys.length - 1] as Uint8Array)
  if (!plaintext) return refused('not-authentic')

  const skipped = turned ? advance(state.receiving, header.pn, tools.crypto).messageKeys : []
  const fresh = [
    ...numbered(skipped, {
      ratchetKey: state.remoteKey ?? NO_KEY,
      n: state.receiving.n,
      seq: state.keysCount,
      day: today,
    }),
    ...numbered(reached.messageKeys, {
      ratchetKey: header.key,
      n: turn.receiving.n,
      seq: state.keysCount + skipped.length,
      day: today,
    }),
  ]
  const keysCount = state.keysCount + fresh.length
  const next = {
    ...(turned ? sendingTurn(state, turn.rootKey, header.key, tools, options.random) : state),
    receiving: reached.chain,
    keysCount,
    kept: keepKeys(stillKept, fresh, keysCount),
  }
  return { ok: true, state: ratchetState(next), plaintext }
}

/** The message was processed: its key is deleted, a repetition will not open. The same state if it is gone already. */
export function forgetMessageKey(
  state: RatchetState,
  header: Pick<RatchetHeader, 'key' | 'n'>,
): RatchetState {
  const kept = withoutKey(state.kept, header)
  return kept === state.kept ? state : ratchetState({ ...state, kept })
}

/** Deletes kept keys of more than 30 days ago. The same state if there is none. */
export function forgetOldKeys(state: RatchetState, nowMs: number): RatchetState {
  const kept = withoutOldKeys(state.kept, dayOf(nowMs))
  return kept === state.kept ? state : ratchetState({ ...state, kept })
}

/** Deletes all kept keys but the newest `count`. The same state if there are no more. @internal */
export function keepNewestKeys(state: RatchetState, count: number): RatchetState {
  const { kept } = state
  return kept.length <= count ? state : ratchetState({ ...state, kept: kept.slice(kept.length - count) })
}

const NO_KEY = new Uint8Array(0)

interface Tools {
  readonly dh: DiffieHellman
  readonly crypto: CryptoProvider
}

function checkedTools(state: RatchetState, options: RatchetOptions): Tools {
  const tools = toolsOf(options)
  if (tools.dh.id !== state.dhId)
    throw new DoubleRatchetError(
      'invalid-argument',
      `dh: the session was made with number ${state.dhId}, got number ${tools.dh.id}`,
    )
  return tools
}

/** Looked at before any work is done: the numbers in a header are the sender's claim. */
function gapRefusal(state: RatchetState, header: RatchetHeader, turned: boolean): RatchetRefusal | undefined {
  const at = turned ? 0 : state.receiving.n
  if (turned && header.pn < state.receiving.n) return 'key-gone'
  if (header.n < at) return 'key-gone'
  if (turned && header.pn > state.receiving.n + MAX_SKIPPED_KEYS) return 'too-many-skipped'
  if (header.n > at + MAX_SKIPPED_KEYS || header.n === MAX_N) return 'too-many-skipped'
  return undefined
}

/** First half of a ratchet step: the chain on which the peer now sends. */
function receivingTurn(state: RatchetState, remoteKey: Uint8Array, { dh, crypto }: Tools) {
  const secret = dh.agree(state.self.privateKey, remoteKey)
  if (!secret) return undefined
  const { rootKey, chainKey } = wiping([secret], () => kdfRootKey(crypto, state.rootKey, secret))
  return { rootKey, receiving: { key: chainKey, n: 0 } }
}

/** Second half: a key of our own and the chain on which we send from now on. */
function sendingTurn(
  state: RatchetState,
  rootKey: Uint8Array,
  remoteKey: Uint8Array,
  { dh, crypto }: Tools,
  random: Random,
): RatchetState {
  const self = dh.generate(random)
  const secret = dh.agree(self.privateKey, remoteKey)
  if (!secret) throw new DoubleRatchetError('invalid-key', 'dh: the same key agreed before and now does not')
  const next = wiping([secret], () => kdfRootKey(crypto, rootKey, secret))
  return {
    ...state,
    rootKey: next.rootKey,
    sending: { key: next.chainKey, n: 0 },
    pn: state.sending.n,
    self,
    remoteKey: remoteKey.slice(),
  }
}

/** Steps a chain until it has given `until` keys; at most 1,001 steps, see {@link gapRefusal}. */
function advance(chain: Chain, until: number, crypto: CryptoProvider) {
  const messageKeys: Uint8Array[] = []
  let { key, n } = chain
  for (; n < until; n++) {
    const step = kdfChainKey(crypto, key)
    messageKeys.push(step.messageKey)
    key = step.chainKey
  }
  return { chain: { key, n }, messageKeys }
}

/** Keys of one chain, counted from `first`. */
function numbered(keys: readonly Uint8Array[], first: Omit<KeptKey, 'messageKey'>): KeptKey[] {
  const { n, seq, day } = first
  const ratchetKey = first.ratchetKey.slice()
  return keys.map((messageKey, i) => ({ ratchetKey, n: n + i, seq: seq + i, day, messageKey }))
}

function authenticated(header: RatchetHeader, { associatedData }: AssociatedData): Uint8Array {
  const encoded = encodeRatchetHeader(header)
  return associatedData ? concat(associatedData, encoded) : encoded
}

function refused(reason: RatchetRefusal): RatchetDecryption {
  return { ok: false, reason }
}
