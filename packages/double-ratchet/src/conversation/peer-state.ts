/** What we remember of an identity beside its installations: answers to messages that could not be read, and what it can do. */
import { BinaryReader, BinaryWriter } from '../binary.ts'

export interface PeerState {
  /** Answers sent since the peer was last heard using our bundle; at most 5. */
  readonly answers: number
  /** When the last of them was sent; milliseconds since 1970, 0 if never. */
  readonly answeredMs: number
  /** When the peer was first heard using our bundle after an answer; 0 if it was not. */
  readonly heardMs: number
  /** A message with forward secrecy was read: anything weaker is a downgrade. */
  readonly hasUsedRatchet: boolean
}

export const NO_PEER_STATE: PeerState = { answers: 0, answeredMs: 0, heardMs: 0, hasUsedRatchet: false }

/** Once the peer uses our bundle nothing is answered for so long: what it wrote before may still come. */
export const ANSWER_COOL_DOWN_MS: number = 2 * 60 * 60 * 1000

/** Keys: compressed identity(33). */
export const PEERS_TABLE = 'double-ratchet.peers'

const VERSION = 1
const HAS_USED_RATCHET = 1
const MS_BYTES = 6

/** `version(1)=1 || flags(1: 1 has used ratchet) || answers(1) || answered, ms(6) || heard, ms(6)` */
export function encodePeerState({ answers, answeredMs, heardMs, hasUsedRatchet }: PeerState): Uint8Array {
  return new BinaryWriter()
    .uint(VERSION, 1)
    .uint(hasUsedRatchet ? HAS_USED_RATCHET : 0, 1)
    .uint(answers, 1)
    .uint(answeredMs, MS_BYTES)
    .uint(heardMs, MS_BYTES)
    .finish()
}

/** @throws DoubleRatchetError `corrupt-state` */
export function decodePeerState(bytes: Uint8Array): PeerState {
  const reader = new BinaryReader(bytes, 'peer')
  const version = reader.uint(1)
  if (version !== VERSION) reader.fail(`version ${version} is unknown`)
  const state = {
    hasUsedRatchet: reader.below(2, 'flag') === HAS_USED_RATCHET,
    answers: reader.uint(1),
    answeredMs: reader.uint(MS_BYTES),
    heardMs: reader.uint(MS_BYTES),
  }
  reader.end()
  return state
}
