/** What is received, on its way into the store: who it is from, which layer opens it, what it changes. */
import { equal, type PublicKey, to0xHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { WhisperMessage } from '@status-protocol/whisper'
import { type Chat, oneToOneChat } from './chat.ts'
import {
  type Authored,
  accept,
  authored,
  judgeAuthored,
  type Received,
  type Rejection,
  type Source,
} from './inbound.ts'
import type { Insist } from './input.ts'
import type { MessageIdText, Security } from './message.ts'
import { advanceOwn, noteDelivered } from './own-message.ts'
import type { PrivateLine } from './private-line.ts'
import { noteRead, privateMessageId, wasRead } from './read-messages.ts'
import type { Stage } from './stage.ts'
import { type Takers, takeStatement } from './statement.ts'
import type { Strangers } from './strangers.ts'
import { type ChatRecord, getChat, getMessage, putChat } from './tables.ts'
import type { Tracer } from './trace.ts'

type Receive = (message: WhisperMessage) => Promise<void>

export interface Intake {
  /** What a filter of a public chat lets through. */
  receivePublic(source: Source): Receive
  /** What is for our key, or on a topic that only somebody and we know. */
  readonly receivePrivate: Receive
  /** What is on the contact-code topic of a person. */
  receiveContactCode(of: PublicKey): Receive
}

export interface IntakeOptions {
  readonly publicKey: PublicKey
  readonly crypto: CryptoProvider
  readonly line: PrivateLine
  readonly trace: Tracer | undefined
  /** Commits what was received; a store that fails for a moment loses nothing. */
  readonly insist: Insist
  count(reason: Rejection, times?: number): void
  newChat(chat: Chat): ChatRecord
  readonly strangers: Strangers
  /** Who takes the private messages that are no chat messages. */
  readonly takers: Takers
  /** What was kept of these strangers is gone. */
  forgotten(people: readonly PublicKey[]): void
  /** A private message was read and committed; data sync wants its next epoch then. */
  heard(from: PublicKey, wakeAtMs: number | undefined): void
}

const PRIVATE: Source = { kind: 'private' }

interface Sender {
  /** Which of the sender's installations wrote, by its own word. */
  readonly installationId?: string
}

export function createIntake(options: IntakeOptions): Intake {
  const { publicKey, crypto, line, trace, insist, count, newChat, strangers } = options

  /** The id of a message that has a place in a chat, the first time or again. */
  const take = async (
    stage: Stage,
    received: Received & Sender,
    source: Source,
    afterwards: (act: () => void) => void,
  ): Promise<MessageIdText | undefined> => {
    const said = authored(received, { crypto })
    if (!said.ok) return void count(said.reason)
    if (said.message.type !== 'chat' && source.kind === 'private')
      return takeOther(stage, said, received, afterwards)
    const judgement = judgeAuthored(said, received, source, { self: publicKey })
    if (!judgement.ok) return void count(judgement.reason)
    const { message, chat } = judgement
    const record = await getChat(stage, chat.id)
    if (chat.kind === 'public' && (!record || record.left)) return undefined // left while this was under way
    if (!(await getMessage(stage, message.id)))
      stage.add(accept(message, { chat: record ?? { ...newChat(chat), unasked: true } }))
    return message.own ? undefined : message.id
  }

  const takeOther = async (
    stage: Stage,
    { author, message, messageId }: Authored,
    { payload, sentUnixSeconds, security = 'whisper', installationId }: Received & Sender,
    afterwards: (act: () => void) => void,
  ): Promise<undefined> => {
    const id = to0xHex(messageId) as MessageIdText
    const said = {
      author,
      message,
      messageId: id,
      wrapped: payload,
      security,
      installationId,
      sentUnixSeconds,
    }
    const rejection = await takeStatement(options.takers, stage, said, afterwards)
    if (rejection) count(rejection)
  }

  const traceReceived = (
    { hash, topic, payload }: WhisperMessage,
    security: Security,
    taken: readonly (MessageIdText | undefined)[],
  ): void => {
    const messageIds = taken.filter((id) => id !== undefined)
    if (messageIds.length > 0)
      trace?.({ type: 'received', envelope: hash, topic, messageIds, payloadBytes: payload.length, security })
  }

  const receivePublic =
    (source: Source) =>
    (message: WhisperMessage): Promise<void> =>
      insist(async (stage, afterwards) =>
        traceReceived(message, 'whisper', [await take(stage, message, source, afterwards)]),
      )

  const receivePrivate = async (message: WhisperMessage): Promise<void> => {
    const { signer: from, payload } = message
    if (!from) return count('unsigned-envelope')
    if (equal(from, publicKey)) return // we read our own envelopes on negotiated topics
    await insist(async (stage, afterwards) => {
      const id = privateMessageId(from, payload, crypto)
      if (await wasRead(stage, id)) return count('repeated')
      const isStranger = await strangers.includes(stage, from)
      await read(stage, { message, from, id }, afterwards)
      if (!isStranger) return
      const gone = await strangers.note(stage, from)
      afterwards(() => options.forgotten(gone))
    })
  }

  const read = async (
    stage: Stage,
    {
      message,
      from,
      id,
    }: { readonly message: WhisperMessage; readonly from: PublicKey; readonly id: Uint8Array },
    afterwards: (act: () => void) => void,
  ): Promise<void> => {
    const { payload, sentUnixSeconds } = message
    const arrival = await line.receive(stage, from, payload)
    if (!arrival.ok) return takeUnopened(stage, message, from, arrival.reason, afterwards)
    await noteRead(stage, id)
    const { bodies, security, installationId } = arrival
    const sender = { signer: from, sentUnixSeconds, security, installationId }
    const taken: (MessageIdText | undefined)[] = []
    for (const body of bodies)
      taken.push(await take(stage, { ...sender, payload: body }, PRIVATE, afterwards))
    for (const { reason, count: times } of arrival.refused) count(reason, times)
    traceReceived(message, security, taken)
    if (security === 'ratchet') await noteRatchet(stage, from)
    for (const own of arrival.acked) await noteDelivered(stage, own, arrival.installationId)
    for (const own of arrival.gaveUp) await advanceOwn(stage, own, 'failed', 'never acknowledged')
    afterwards(() => options.heard(from, arrival.wakeAtMs))
  }

  /** Acknowledgements count too: whoever can write them with forward secrecy can write messages with it. */
  const noteRatchet = async (stage: Stage, from: PublicKey): Promise<void> => {
    const chat = await getChat(stage, oneToOneChat(from).id)
    if (chat && !chat.hasRatchet) stage.add({ changes: [putChat({ ...chat, hasRatchet: true })] })
  }

  /** No ProtocolMessage at all: security mode `whisper`. Otherwise one that is not for us, or that we have no key for. */
  const takeUnopened = async (
    stage: Stage,
    message: WhisperMessage,
    from: PublicKey,
    reason: string,
    afterwards: (act: () => void) => void,
  ): Promise<void> => {
    if (reason === 'malformed' || reason === 'no-payload')
      return traceReceived(message, 'whisper', [await take(stage, message, PRIVATE, afterwards)])
    if (reason === 'not-addressed') return count('not-addressed')
    if (reason === 'key-gone') return count('repeated')
    count('undecryptable')
    await noteRead(stage, privateMessageId(from, message.payload, crypto))
    // Of strangers only the number is told: they could fill the events with it.
    if (await getChat(stage, oneToOneChat(from).id))
      stage.add({ changes: [], events: [{ type: 'undecryptable', from, reason }] })
  }

  /** A bundle of somebody we know: from now on we can begin with forward secrecy. */
  const receiveContactCode =
    (of: PublicKey) =>
    async ({ signer: from, payload }: WhisperMessage): Promise<void> => {
      if (from && equal(from, of)) await insist((stage) => line.learn(stage, from, payload))
    }

  return { receivePublic, receivePrivate, receiveContactCode }
}
