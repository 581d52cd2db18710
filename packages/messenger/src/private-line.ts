/**
 * Private messages through all layers, as pure as the layers are: payload -> data sync -> secure sessions on the way out,
 * the mirror on the way in. Everything is staged; the messenger commits once and then acts on the outputs.
 */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  type Conversation,
  confirmMessage,
  createSelf,
  decryptMessage,
  encryptMessage,
  forgetPeer,
  loadConversation,
  type Opened,
  publicMessage,
  type Refused,
  storageReads as sessionReads,
} from '@status-protocol/double-ratchet'
import {
  append,
  decodePayload,
  epoch,
  loadAppend,
  loadEpoch,
  loadPeer,
  loadReceive,
  messageIdOf,
  newMessage,
  oneToOneGroupId,
  type Payload,
  peerReturned,
  type RefusalReason,
  receive,
  resolveOptions,
  SYNC_TABLES,
  type SyncContext,
  type SyncMessageId,
  type SyncOutput,
  storageReads as syncReads,
} from '@status-protocol/mvds'
import type { Clock, Random } from '@status-protocol/ports'
import { oneToOneChat } from './chat.ts'
import { MessengerError } from './error.ts'
import type { MessageIdText, Security } from './message.ts'
import type { Parcel } from './parcel.ts'
import { type Part, partsOf } from './parts.ts'
import type { Stage } from './stage.ts'
import { getMessage, getSyncMessage, type OnlyAs, putSyncMessage } from './tables.ts'
import { encryptedTrace, type Tracer } from './trace.ts'

/** What a received ProtocolMessage turned out to be. */
export type Arrival =
  /** Bodies of messages, each a signed wrapper, and what became of own ones. */
  | {
      readonly ok: true
      readonly bodies: readonly Uint8Array[]
      readonly security: Security
      /** Own messages that the sender's installation has. */
      readonly acked: readonly MessageIdText[]
      /** Which of the sender's installations wrote; its own word. */
      readonly installationId: string
      readonly gaveUp: readonly MessageIdText[]
      /** What data sync did not take. */
      readonly refused: readonly { readonly reason: RefusalReason; readonly count: number }[]
      readonly wakeAtMs: number | undefined
    }
  | { readonly ok: false; readonly reason: Refused['reason'] }

/** What an epoch of data sync wants sent. */
export interface EpochResult {
  readonly parcels: readonly Omit<Parcel, 'number'>[]
  readonly gaveUp: readonly MessageIdText[]
  readonly wakeAtMs: number | undefined
}

/**
 * What is due in data sync goes out together this often. The Go clients take 300 ms; epochs are nobody's business but our
 * own, and a message or its acknowledgement waits half of one on average. A peer gets at most 20 envelopes a second so.
 */
export const EPOCH_MS = 50

export interface PrivateLineOptions {
  readonly privateKey: Uint8Array
  readonly installationId: string
  readonly clock: Clock
  readonly random: Random
  readonly crypto: CryptoProvider
  readonly trace?: Tracer | undefined
}

export interface Outgoing {
  readonly to: PublicKey
  readonly wrapped: Uint8Array
  /** The own message whose delivery follows, if there is one. */
  readonly messageId?: MessageIdText | undefined
  readonly onlyAs?: OnlyAs
}

/** BOUNDED: people whose waiting messages are hurried when the network is there again; the others' come when they are due. */
const MAX_RETURNED = 200

export interface PrivateLine {
  /**
   * Puts a signed wrapper into data sync. Returns when the next epoch is due. A message that goes as `ratchet` only needs
   * the keys of the person now; what is no message of a chat waits for them.
   *
   * @throws MessengerError `outbox-full`, `no-forward-secrecy`
   */
  append(stage: Stage, message: Outgoing): Promise<number | undefined>
  /** Everything that is due, encrypted for each recipient's devices. */
  epoch(stage: Stage): Promise<EpochResult>
  /** A Whisper payload that `from` signed. */
  receive(stage: Stage, from: PublicKey, payload: Uint8Array): Promise<Arrival>
  /** What `from` published on its contact-code topic: only the bundles in it count, anybody can read along there. */
  learn(stage: Stage, from: PublicKey, payload: Uint8Array): Promise<void>
  /** The network is there again: what waits for an acknowledgement is sent soon. Returns when the next epoch is due. */
  returned(stage: Stage): Promise<number | undefined>
  /** Forgets this person's devices and all sessions with them. */
  forget(stage: Stage, person: PublicKey): Promise<void>
  /** Our bundle, for our contact-code topic. */
  contactCode(stage: Stage): Promise<Omit<Parcel, 'number'>>
}

export function createPrivateLine(options: PrivateLineOptions): PrivateLine {
  const { clock, random, crypto, trace } = options
  const self = createSelf(
    { identity: options.privateKey, installationId: options.installationId },
    { crypto },
  )
  const syncOptions = resolveOptions({ crypto, epochMs: EPOCH_MS })
  const syncContext = (): SyncContext => ({
    self: self.publicKey,
    nowMs: clock.wallMs(),
    options: syncOptions,
  })
  const context = () => ({ nowMs: clock.wallMs(), random, crypto })
  const conversationWith = (stage: Stage, peer: PublicKey) =>
    loadConversation(sessionReads(stage, { crypto }), self, peer, { crypto })
  const conversations = (stage: Stage) => createConversations((peer) => conversationWith(stage, peer))

  return {
    async append(stage, { to, wrapped, messageId, onlyAs }) {
      if (messageId && onlyAs === 'ratchet' && !canRatchet(await conversationWith(stage, to)))
        throw new MessengerError(
          'no-forward-secrecy',
          'the keys of this person are not known yet, so nothing can be sent with "ratchet": write without it, or wait until they are heard',
        )
      const now = syncContext()
      const groupId = oneToOneGroupId(self.publicKey, to, { crypto })
      const message = newMessage({ groupId, body: wrapped }, now)
      const input = { message, to: [to] }
      const result = append(await loadAppend(syncReads(stage), input), input, now)
      if (!result.ok)
        throw new MessengerError('outbox-full', 'too many messages wait for this person already')
      stage.add({ changes: [...result.changes, putSyncMessage(message.id, { id: messageId, onlyAs })] })
      if (messageId) trace?.({ type: 'synced', messageId, syncId: message.id })
      return wakeAt(result.outputs)
    },

    async epoch(stage) {
      const now = syncContext()
      const { changes, outputs } = epoch(await loadEpoch(syncReads(stage), now), now)
      stage.add({ changes })
      const known = conversations(stage)
      const parcels: Omit<Parcel, 'number'>[] = []
      for (const output of outputs)
        if (output.type === 'send')
          for (const part of await apart(stage, output.payload, await known.of(output.to)))
            parcels.push(await seal(stage, known, output.to, part))
      return { parcels, gaveUp: await ownMessages(stage, outputs, 'gaveUp'), wakeAtMs: wakeAt(outputs) }
    },

    async receive(stage, from, payload) {
      const conversation = await conversationWith(stage, from)
      const step = decryptMessage(conversation, { message: payload }, context())
      const [read] = step.outputs
      stage.add(step)
      if (read.type === 'refused') return { ok: false, reason: read.reason }
      forgetKey(stage, step.conversation, read)
      const synced = decodePayload(read.plaintext)
      // The Go clients answer every payload, with an empty one where they have nothing to say.
      if (!synced.ok) return arrivalOf(read.plaintext.length > 0 ? [read.plaintext] : [], read)
      return takeSync(stage, from, synced.payload, read)
    },

    async learn(stage, from, payload) {
      const conversation = await conversationWith(stage, from)
      const step = decryptMessage(conversation, { message: payload }, context())
      const [read] = step.outputs
      if (read.type === 'refused' || read.security === 'none') stage.add(step)
    },

    async returned(stage) {
      const now = syncContext()
      const outputs: SyncOutput[] = []
      const [from, to] = [new Uint8Array(0), new Uint8Array(66).fill(255)]
      for await (const [peer] of stage.range(SYNC_TABLES.peer, from, to, MAX_RETURNED)) {
        const step = peerReturned(await loadPeer(syncReads(stage), peer, now), peer, now)
        stage.add({ changes: step.changes })
        outputs.push(...step.outputs)
      }
      return wakeAt(outputs)
    },

    async forget(stage, person) {
      stage.add(forgetPeer(await conversationWith(stage, person)))
    },

    async contactCode(stage) {
      const step = publicMessage(await conversationWith(stage, self.publicKey), {}, context())
      stage.add(step)
      return {
        way: { kind: 'contact-code' },
        payload: step.outputs[0].bytes,
        security: 'dh',
        messageIds: [],
        madeAtMs: clock.wallMs(),
      }
    },
  }

  async function takeSync(stage: Stage, from: PublicKey, payload: Payload, read: Opened): Promise<Arrival> {
    const now = syncContext()
    const input = { from, payload }
    const { changes, outputs } = receive(await loadReceive(syncReads(stage), input, now), input, now)
    stage.add({ changes })
    const bodies = outputs.flatMap((output) => (output.type === 'deliver' ? [output.message.body] : []))
    const acked = await ownMessages(stage, outputs, 'acked')
    return {
      ...arrivalOf(bodies, read),
      acked: [...new Set([...acked, ...(await acknowledged(stage, from, payload))])],
      gaveUp: await ownMessages(stage, outputs, 'gaveUp'),
      refused: outputs.filter((output) => output.type === 'refused'),
      wakeAtMs: wakeAt(outputs),
    }
  }

  /**
   * Messages to this person that the payload acknowledges. Data sync is done with a message at its first acknowledgement;
   * those of further devices, and those after it gave up, still tell who has it.
   */
  async function acknowledged(stage: Stage, from: PublicKey, { acks }: Payload): Promise<MessageIdText[]> {
    const found: MessageIdText[] = []
    for (const ack of acks.slice(0, syncOptions.maxElementsPerList)) {
      const sent = ack.length === 32 ? await getSyncMessage(stage, ack) : undefined
      const message = sent?.id && (await getMessage(stage, sent.id))
      if (message?.chat === oneToOneChat(from).id) found.push(message.id)
    }
    return found
  }

  /** The plaintext is stored by the same commit: its key goes with it, and a repetition does not open again. */
  function forgetKey(stage: Stage, conversation: Conversation, { messageKey }: Opened): void {
    if (messageKey) stage.add(confirmMessage(conversation, { messageKey }))
  }

  async function seal(stage: Stage, known: Conversations, to: PublicKey, part: Part) {
    const { payload, sync, messageIds, mode } = part
    const step = encryptMessage(await known.of(to), { plaintext: payload, ...(mode && { mode }) }, context())
    known.advance(to, step.conversation)
    stage.add(step)
    const [{ bytes, negotiated, security }] = step.outputs
    trace?.(encryptedTrace(to, { payload, sync, bytes, messageIds }))
    return {
      way: { kind: negotiated ? ('negotiated' as const) : ('partitioned' as const), to },
      payload: bytes,
      security: security === 'ratchet' ? ('ratchet' as const) : ('dh' as const),
      messageIds,
      madeAtMs: clock.wallMs(),
    }
  }

  function apart(stage: Stage, bytes: Uint8Array, conversation: Conversation): Promise<readonly Part[]> {
    return partsOf(bytes, {
      find: (content) => getSyncMessage(stage, messageIdOf(content, syncOptions)),
      canRatchet: () => canRatchet(conversation),
    })
  }

  /** Whether what is written now goes with forward secrecy: an encryption that is thrown away tells. */
  function canRatchet(conversation: Conversation): boolean {
    try {
      const { outputs } = encryptMessage(conversation, { plaintext: new Uint8Array(0) }, context())
      return outputs[0].security === 'ratchet'
    } catch {
      return false // a chain that is used up
    }
  }
}

async function ownMessages(
  stage: Stage,
  outputs: readonly SyncOutput[],
  type: 'acked' | 'gaveUp',
): Promise<MessageIdText[]> {
  const ids = outputs.flatMap((output): SyncMessageId[] => (output.type === type ? [output.id] : []))
  return known((await Promise.all(ids.map((id) => getSyncMessage(stage, id)))).map((sent) => sent?.id))
}

function arrivalOf(bodies: readonly Uint8Array[], { security, installationId }: Opened) {
  return {
    ok: true as const,
    bodies,
    security: security === 'none' ? ('whisper' as const) : security,
    acked: [] as readonly MessageIdText[],
    installationId,
    gaveUp: [] as readonly MessageIdText[],
    refused: [],
    wakeAtMs: undefined as number | undefined,
  }
}

/** Conversations of one input: loaded once, then carried from step to step, since the store does not see the steps yet. */
interface Conversations {
  of(peer: PublicKey): Promise<Conversation>
  advance(peer: PublicKey, conversation: Conversation): void
}

function createConversations(load: (peer: PublicKey) => Promise<Conversation>): Conversations {
  const loaded = new Map<string, Conversation>()
  /** Our own prekeys are the same in every conversation: the newest state of them counts. */
  let newest: Conversation | undefined
  return {
    async of(peer) {
      const conversation = loaded.get(toHex(peer)) ?? (await load(peer))
      return newest ? { ...conversation, ownPreKeys: newest.ownPreKeys } : conversation
    },
    advance(peer, conversation) {
      newest = conversation
      loaded.set(toHex(peer), conversation)
    },
  }
}

function wakeAt(outputs: readonly SyncOutput[]): number | undefined {
  const times = outputs.flatMap((output) => (output.type === 'wake' ? [output.atMs] : []))
  return times.length > 0 ? Math.min(...times) : undefined
}

function known<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined)
}
