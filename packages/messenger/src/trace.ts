/**
 * What each layer did with a message, for those who want to see it or measure it. Sizes, topics, ids and times: never a
 * text and never a secret. Who talks to whom is in it, so it belongs in no log that others read.
 */
import type { PublicKey } from '@status-protocol/bytes'
import { decodeProtocolMessage } from '@status-protocol/double-ratchet'
import type { Payload, SyncMessageId } from '@status-protocol/mvds'
import type { EnvelopeHash, Topic } from '@status-protocol/whisper'
import type { ChatId } from './chat.ts'
import type { MessageIdText, Security } from './message.ts'
import type { ParcelWay } from './parcel.ts'

/** One step of a message through the layers. */
export type MessengerTrace = TraceStep & {
  /** Unix milliseconds by our clock. */
  readonly atMs: number
}

export type TraceStep = ComposedTrace | SyncedTrace | EncryptedTrace | PostedTrace | ReceivedTrace

/** An own message was written and signed. */
export interface ComposedTrace {
  readonly type: 'composed'
  readonly messageId: MessageIdText
  readonly chat: ChatId
  /** UTF-8. */
  readonly textBytes: number
  /** The text in its signed wrapper. */
  readonly wrapperBytes: number
}

/** A private message was put into data sync, which sends it until it is acknowledged. */
export interface SyncedTrace {
  readonly type: 'synced'
  readonly messageId: MessageIdText
  /** 32 bytes. */
  readonly syncId: SyncMessageId
}

/** A payload of data sync was encrypted for a person: what is new, what is sent again, acknowledgements. */
export interface EncryptedTrace {
  readonly type: 'encrypted'
  readonly to: PublicKey
  /** Own messages in it; none: it only acknowledges. */
  readonly messageIds: readonly MessageIdText[]
  readonly acks: number
  /** MVDS payload. */
  readonly syncBytes: number
  /** ProtocolMessage: ciphertexts and our bundle. */
  readonly protocolMessageBytes: number
  readonly session: SessionStep
  /** Devices that it was encrypted for; 0: for whichever reads it. */
  readonly devices: number
}

/**
 * `dh`: no bundle of theirs is known, no forward secrecy. `x3dh`: begins a session, or repeats how it began since they have
 * not answered yet. `ratchet`: goes on in one.
 */
export type SessionStep = 'dh' | 'x3dh' | 'ratchet'

/** An envelope is in the pool of our node. */
export interface PostedTrace {
  readonly type: 'posted'
  readonly envelope: EnvelopeHash
  readonly topic: Topic
  readonly way: 'public' | ParcelWay['kind']
  /** Own messages in it. */
  readonly messageIds: readonly MessageIdText[]
  /** What was sealed: a wrapper, or a ProtocolMessage. */
  readonly payloadBytes: number
  readonly powTarget: number
  readonly ttlSeconds: number
}

/** An envelope of somebody else was opened and held messages for us, among them perhaps some that we have already. */
export interface ReceivedTrace {
  readonly type: 'received'
  readonly envelope: EnvelopeHash
  readonly topic: Topic
  readonly messageIds: readonly MessageIdText[]
  readonly payloadBytes: number
  readonly security: Security
}

/** Must not throw, and sees a step before it is committed. */
export type Tracer = (step: TraceStep) => void

/** What an encryption step did, read from what it made. */
export function encryptedTrace(
  to: PublicKey,
  {
    payload,
    sync,
    bytes,
    messageIds,
  }: {
    readonly payload: Uint8Array
    readonly sync: Pick<Payload, 'acks'>
    /** The ProtocolMessage. */
    readonly bytes: Uint8Array
    readonly messageIds: readonly MessageIdText[]
  },
): EncryptedTrace {
  const { directMessages } = decodeProtocolMessage(bytes)
  const isDh = directMessages.some(({ dhHeader }) => dhHeader !== undefined)
  const begins = directMessages.some(({ x3dhHeader }) => x3dhHeader !== undefined)
  return {
    type: 'encrypted',
    to,
    messageIds,
    acks: sync.acks.length,
    syncBytes: payload.length,
    protocolMessageBytes: bytes.length,
    session: isDh ? 'dh' : begins ? 'x3dh' : 'ratchet',
    devices: isDh ? 0 : directMessages.length,
  }
}
