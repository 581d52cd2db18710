/**
 * What a private payload says besides chat messages. Each kind of message has one taker, in the part of the messenger that
 * knows what it means; here is only what they have in common.
 */
import type { PublicKey } from '@status-protocol/bytes'
import type { ChatMessage, Message as Payload } from '@status-protocol/payload'
import type { ClockBounds } from './clock-bounds.ts'
import type { Generation } from './generations.ts'
import type { Rejection } from './inbound.ts'
import type { MessageIdText, Security } from './message.ts'
import type { Stage } from './stage.ts'

/** A payload whose author is proven: its wrapper, its session and its Whisper frame are signed by one key. */
export interface Statement<M extends Payload = Payload> extends ClockBounds {
  /** 65 bytes. */
  readonly author: PublicKey
  readonly message: M
  readonly messageId: MessageIdText
  /** In whose words it was said. */
  readonly generation: Generation
  /** The signed wrapper, as it came. */
  readonly wrapped: Uint8Array
  readonly security: Security
  /** The author has used a stronger one before. */
  readonly downgraded: boolean
  /** Which of the author's installations wrote, by its own word; none in mode `whisper`. */
  readonly installationId: string | undefined
  /** Unix seconds, of the envelope. */
  readonly sentUnixSeconds: number
  /** When data sync began to carry it, by its author's clock; undefined: it was not synced. */
  readonly appendedSeconds: bigint | undefined
}

/**
 * Stages what a statement changes, or says why it changes nothing. It comes once, unless the author sends it again in
 * another message of data sync: taking it twice must change nothing more.
 */
export type Taker<M extends Payload = Payload> = (
  stage: Stage,
  said: Statement<M>,
  afterwards: (act: () => void) => void,
) => Promise<Rejection | undefined>

/** Who takes which type of private message, and chat messages that name a group. Types without a taker are counted as `unsupported-type`. */
export type Takers = { readonly 'group-message'?: Taker<ChatMessage> } & {
  readonly [Type in Exclude<Payload['type'], 'chat'>]?: Taker<Extract<Payload, { readonly type: Type }>>
}

export function takeStatement(
  takers: Takers,
  stage: Stage,
  said: Statement,
  afterwards: (act: () => void) => void,
): Promise<Rejection | undefined> {
  const name = said.message.type === 'chat' ? 'group-message' : said.message.type
  const taker = (takers as Readonly<Record<string, Taker | undefined>>)[name]
  return taker ? taker(stage, said, afterwards) : Promise.resolve('unsupported-type')
}
