/**
 * Private messages through all layers, as pure as the layers are: payload -> data sync -> secure sessions on the way out,
 * the mirror on the way in. Everything is staged; the messenger commits once and then acts on the outputs.
 */
import { equal, type PublicKey, toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Installation, InstallationNews, Opened, Sealed } from '@status-protocol/double-ratchet'
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
  receive,
  removePeer,
  resolveOptions,
  SYNC_TABLES,
  type SyncContext,
  type SyncMessageId,
  storageReads as syncReads,
} from '@status-protocol/mvds'
import type { Clock, Random } from '@status-protocol/ports'
import type { Arrival, GivenUp, Heard, Unnumbered } from './arrival.ts'
import { oneToOneChat } from './chat.ts'
import { noteEarlyAck } from './device-sync/early-acks.ts'
import type { DeviceDecision } from './devices.ts'
import { MessengerError } from './error.ts'
import { isIntroduction } from './generations.ts'
import type { MessageIdText } from './message.ts'
import { type Part, partsOf } from './parts.ts'
import { createProbing, SILENT_SENDS } from './probing.ts'
import { createSessions, type ReadHow, type Writer } from './sessions.ts'
import type { Reads, Stage } from './stage.ts'
import { ackedMessages, earliest, givenUp, wakeAt } from './sync-outputs.ts'
import { getMessage, getSyncMessage, type OnlyAs, putSyncMessage } from './tables.ts'
import { encryptedTrace, type Tracer } from './trace.ts'

/** What an epoch of data sync wants sent. */
export interface EpochResult {
  readonly parcels: readonly Unnumbered[]
  readonly gaveUp: readonly GivenUp[]
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
  /** See `MessengerOptions`. */
  readonly truncatedKeys: boolean
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
  /** It is taken though it cannot be written so now: it waits until it can. */
  readonly waits?: boolean
}

/** BOUNDED: people whose waiting messages are hurried when the network is there again; the others' come when they are due. */
const MAX_RETURNED = 200

export interface PrivateLine {
  /**
   * Puts a wrapper into data sync. Returns when the next epoch is due. A message that goes as `ratchet` only needs the
   * keys of the person now, unless it may wait for them; what is no message of a chat always may.
   *
   * @throws MessengerError `outbox-full`, `no-forward-secrecy`, `not-deniable`
   */
  append(stage: Stage, message: Outgoing): Promise<number | undefined>
  /** Everything that is due, encrypted for each recipient's devices. */
  epoch(stage: Stage): Promise<EpochResult>
  /** A Whisper payload of `from`: that it is theirs, their signature of the envelope proves, or else a session has to. */
  receive(stage: Stage, from: PublicKey, payload: Uint8Array, how?: ReadHow): Promise<Arrival>
  /** What `from` published on its contact-code topic: only the bundles in it count, anybody can read along there. */
  learn(stage: Stage, from: PublicKey, payload: Uint8Array): Promise<Pick<Arrival, 'news' | 'wakeAtMs'>>
  /** The network is there again: what waits for an acknowledgement is sent soon. Returns when the next epoch is due. */
  returned(stage: Stage): Promise<number | undefined>
  /** Forgets this person's devices and all sessions with them. */
  forget(stage: Stage, person: PublicKey): Promise<void>
  /** Nothing more of what waits for this person in data sync is sent to them: what that was. */
  cease(stage: Stage, to: PublicKey): Promise<readonly GivenUp[]>
  /** Outside of data sync, for whichever device of theirs reads it. */
  toAnyDevice(stage: Stage, to: PublicKey, wrapped: Uint8Array): Promise<readonly Unnumbered[]>
  /** Our bundle, for our contact-code topic. */
  contactCode(stage: Stage): Promise<Unnumbered>
  /** Something public with our bundle, as clients of 2019 write it. */
  publicly(stage: Stage, wrapped: Uint8Array): Promise<Uint8Array>
  /** What is known of a person's devices; of our own, this one too. */
  devices(
    reads: Reads,
    of: PublicKey,
  ): Promise<{
    readonly installations: readonly Installation[]
    readonly own?: { readonly installationId: string; readonly version: number }
  }>
  /** @throws DoubleRatchetError `invalid-argument` for a device that is not known, or a text that is too long */
  decide(stage: Stage, of: PublicKey, decision: DeviceDecision): Promise<void>
  /** Whether what is written to them now has forward secrecy. */
  canRatchet(stage: Stage, to: PublicKey): Promise<boolean>
  /** Whether something can be written to them that nobody could prove to be ours. */
  canDeny(stage: Stage, to: PublicKey): Promise<boolean>
  /** They have written with forward secrecy: what they say without is marked. */
  hasUsedRatchet(reads: Reads, person: PublicKey): Promise<boolean>
  /** For once a day: erases old keys and sessions, and those of strangers that are too many. */
  sweep(stage: Stage, isKept: (person: PublicKey) => Promise<boolean>): Promise<void>
}

export function createPrivateLine(options: PrivateLineOptions): PrivateLine {
  const { installationId, clock, crypto, trace } = options
  const self = crypto.publicKey(options.privateKey)
  const sessions = createSessions(options)
  const probing = createProbing(options)
  const syncOptions = resolveOptions({ crypto, epochMs: EPOCH_MS })
  const syncContext = (): SyncContext => ({ self, nowMs: clock.wallMs(), options: syncOptions })

  return {
    async append(stage, { to, wrapped, messageId, onlyAs, waits }) {
      if (messageId && !waits) await expectPossible(stage, to, onlyAs)
      const now = syncContext()
      const groupId = oneToOneGroupId(self, to, { crypto })
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
      const state = await loadEpoch(syncReads(stage), now)
      const silent = new Map<string, PublicKey>()
      for (const { type, sends, peer } of state.due)
        if (type === 'message' && sends >= SILENT_SENDS && !equal(peer, self)) silent.set(toHex(peer), peer)
      const { changes, outputs } = epoch(state, now)
      stage.add({ changes })
      const writer = sessions.writer(stage)
      const parcels: Unnumbered[] = []
      for (const output of outputs)
        if (output.type === 'send')
          for (const part of await apart(stage, writer, output.to, output.payload))
            parcels.push(...(await seal(writer, output.to, part)))
      for (const parcel of parcels)
        if (parcel.security === 'dh' && 'to' in parcel.way) silent.delete(toHex(parcel.way.to)) // read by whichever device
      for (const person of silent.values())
        if (probing.isDue(person)) parcels.push(...(await probe(writer, person, now)))
      return { parcels, gaveUp: await givenUp(stage, outputs), wakeAtMs: wakeAt(outputs) }
    },

    async receive(stage, from, payload, how) {
      const reading = await sessions.read(stage, from, payload, how)
      const { news } = reading
      const hurried = await hurry(stage, from, news)
      if (!reading.ok) {
        const { reason, answer, isHealing } = reading
        const answers = answer ? [parcelOf(answer, from)] : []
        return { ok: false, reason, answers, isHealing, news, wakeAtMs: hurried }
      }
      const { read } = reading
      const synced = decodePayload(read.plaintext)
      if (synced.ok && equal(from, self) && !(await isPaired(stage, read))) {
        const refused = { ...heardIn(read, []), refused: NOT_OURS, news, wakeAtMs: hurried }
        const introductions = introductionsIn(synced.payload)
        if (introductions.messages.length === 0) return refused
        const { wakeAtMs, ...heard } = await takeSync(stage, from, introductions, read, how)
        return { ...heard, news, wakeAtMs: earliest(hurried, wakeAtMs) }
      }
      // The Go clients answer every payload, with an empty one where they have nothing to say.
      if (!synced.ok) {
        const bodies = read.plaintext.length > 0 ? [read.plaintext] : []
        return { ...heardIn(read, bodies), news, wakeAtMs: hurried }
      }
      const { wakeAtMs, ...heard } = await takeSync(stage, from, synced.payload, read, how)
      return { ...heard, news, wakeAtMs: earliest(hurried, wakeAtMs) }
    },

    async learn(stage, from, payload) {
      const news = await sessions.learn(stage, from, payload)
      return { news, wakeAtMs: await hurry(stage, from, news) }
    },

    async returned(stage) {
      let atMs: number | undefined
      const [from, to] = [new Uint8Array(0), new Uint8Array(66).fill(255)]
      for await (const [peer] of stage.range(SYNC_TABLES.peer, from, to, MAX_RETURNED))
        atMs = earliest(atMs, await returnOf(stage, peer as PublicKey))
      return atMs
    },

    async cease(stage, to) {
      const now = syncContext()
      const state = await loadPeer(syncReads(stage), to, now)
      const groupId = oneToOneGroupId(self, to, { crypto })
      stage.add({ changes: removePeer(state, { groupId, peer: to }, now).changes })
      const waited = state.waitingForPeer.filter(({ type }) => type === 'message' || type === 'offer')
      return Promise.all(waited.map(async ({ id }) => ({ to, id: (await getSyncMessage(stage, id))?.id })))
    },

    forget: sessions.forget,
    decide: sessions.decide,
    sweep: sessions.sweep,
    canRatchet: (stage, to) => sessions.writer(stage).canRatchet(to),
    canDeny: (stage, to) => sessions.writer(stage).canDeny(to),
    hasUsedRatchet: sessions.hasUsedRatchet,

    async toAnyDevice(stage, to, wrapped) {
      const sealed = await sessions.writer(stage).seal(to, wrapped, 'dh')
      return sealed ? [parcelOf(sealed, to)] : []
    },

    async contactCode(stage) {
      const { bytes } = await sessions.publish(stage)
      return { ...NO_MESSAGES, way: { kind: 'contact-code' }, payload: bytes, madeAtMs: clock.wallMs() }
    },

    publicly: async (stage, wrapped) => (await sessions.publish(stage, wrapped)).bytes,

    async devices(reads, of) {
      const installations = await sessions.installations(reads, of)
      if (!equal(of, self)) return { installations }
      return { installations, own: { installationId, version: await sessions.ownVersion(reads) } }
    },
  }

  /** Of our own other devices those that are enabled, on their sessions; what is not taken is not acknowledged, and comes again. */
  async function isPaired(stage: Stage, { security, installationId }: Opened): Promise<boolean> {
    if (security !== 'ratchet') return false
    const found = (await sessions.installations(stage, self)).find(({ id }) => id === installationId)
    return found?.enabled === true
  }

  /** In 2019 devices made themselves known through data sync: of one that is not enabled that much is taken, no more. */
  function introductionsIn({ messages }: Payload): Payload {
    const context = { crypto, sentUnixSeconds: 0 }
    const found = messages.slice(0, MAX_INTRODUCTIONS).filter(({ body }) => isIntroduction(body, context))
    return { acks: [], offers: [], requests: [], messages: found }
  }

  async function expectPossible(stage: Stage, to: PublicKey, onlyAs: OnlyAs): Promise<void> {
    const writer = sessions.writer(stage)
    if (onlyAs === 'ratchet' && !(await writer.canRatchet(to)))
      throw new MessengerError(
        'no-forward-secrecy',
        'the keys of this person are not known yet, so nothing can be sent with "ratchet": write without it, or wait until they are heard',
      )
    if (onlyAs === 'deniable' && !(await writer.canDeny(to)))
      throw new MessengerError(
        'not-deniable',
        'not all devices of this person have been heard to know the topic of the two of you: write without deniability, and wait until they have answered',
      )
  }

  async function takeSync(stage: Stage, from: PublicKey, payload: Payload, read: Opened, how: ReadHow = {}) {
    const now = syncContext()
    // Messenger clients send messages unoffered. An offer is asked for again and again: no stranger makes us do that.
    const input = { from, payload: how.isStranger ? { ...payload, offers: [] } : payload }
    const { changes, outputs } = receive(await loadReceive(syncReads(stage), input, now), input, now)
    stage.add({ changes })
    const messages = outputs.flatMap((output) => (output.type === 'deliver' ? [output.message] : []))
    const bodies = messages.map(({ body }) => body)
    if (how.isUnsigned) for (const { id } of messages) await noteDeniable(stage, id)
    const acked = await ackedMessages(stage, outputs)
    return {
      ...heardIn(read, bodies),
      appendedSeconds: messages.map(({ timestampSeconds }) => timestampSeconds),
      acked: [...new Set([...acked, ...(await acknowledged(stage, from, payload, read, how))])],
      gaveUp: await givenUp(stage, outputs),
      refused: outputs.filter((output) => output.type === 'refused'),
      wakeAtMs: wakeAt(outputs),
    }
  }

  /**
   * Messages to this person that the payload acknowledges. Data sync is done with a message at its first acknowledgement;
   * those of further devices, and those after it gave up, still tell who has it. So do those of what another device of ours
   * wrote, whose copy may still come.
   */
  async function acknowledged(
    stage: Stage,
    from: PublicKey,
    { acks }: Payload,
    { installationId: by }: Opened,
    { isStranger }: ReadHow,
  ): Promise<MessageIdText[]> {
    const found: MessageIdText[] = []
    const unknown: SyncMessageId[] = []
    for (const id of acks.slice(0, syncOptions.maxElementsPerList)) {
      const sent = id.length === 32 ? await getSyncMessage(stage, id) : undefined
      if (!sent && id.length === 32) unknown.push(id as SyncMessageId)
      const message = sent?.id && (await getMessage(stage, sent.id))
      if (message && (message.receipts || message.chat === oneToOneChat(from).id)) found.push(message.id)
    }
    if (unknown.length === 0 || isStranger || equal(from, self) || !(await hasOtherDevices(stage)))
      return found
    for (const id of unknown.slice(0, MAX_UNKNOWN_ACKS)) await noteEarlyAck(stage, { by: from, id }, by)
    return found
  }

  async function hasOtherDevices(stage: Stage): Promise<boolean> {
    return (await sessions.installations(stage, self)).some(({ enabled }) => enabled)
  }

  /** Its acknowledgement, and every repetition of that, goes without a signature too. */
  async function noteDeniable(stage: Stage, id: SyncMessageId): Promise<void> {
    if (!(await getSyncMessage(stage, id)))
      stage.add({ changes: [putSyncMessage(id, { onlyAs: 'deniable' })] })
  }

  /** With other devices or keys than they had, they may read now what they could not. */
  async function hurry(
    stage: Stage,
    peer: PublicKey,
    news: readonly InstallationNews[],
  ): Promise<number | undefined> {
    return news.length > 0 ? returnOf(stage, peer) : undefined
  }

  async function returnOf(stage: Stage, peer: PublicKey): Promise<number | undefined> {
    const now = syncContext()
    const { changes, outputs } = peerReturned(await loadPeer(syncReads(stage), peer, now), peer, now)
    stage.add({ changes })
    return wakeAt(outputs)
  }

  /** Nothing if it cannot be written so now: it comes again. */
  async function seal(writer: Writer, to: PublicKey, part: Part): Promise<readonly Unnumbered[]> {
    const { payload, sync, messageIds, mode } = part
    const sealed = await writer.seal(to, payload, mode)
    if (!sealed) return []
    trace?.(encryptedTrace(to, { payload, sync, bytes: sealed.bytes, messageIds }))
    return [{ ...parcelOf(sealed, to), messageIds, ...(mode === 'deniable' ? { isUnsigned: true } : {}) }]
  }

  async function probe(writer: Writer, to: PublicKey, now: SyncContext): Promise<readonly Unnumbered[]> {
    const sealed = await writer.seal(to, probing.payload(to, now), 'dh')
    return sealed ? [parcelOf(sealed, to)] : []
  }

  function parcelOf({ bytes, negotiated, security }: Sealed, to: PublicKey): Unnumbered {
    return {
      ...NO_MESSAGES,
      way: { kind: negotiated ? 'negotiated' : 'partitioned', to },
      payload: bytes,
      ...(security === 'ratchet' ? { security } : {}),
      madeAtMs: clock.wallMs(),
    }
  }

  function apart(stage: Stage, writer: Writer, to: PublicKey, bytes: Uint8Array): Promise<readonly Part[]> {
    return partsOf(bytes, {
      find: (content) => getSyncMessage(stage, messageIdOf(content, syncOptions)),
      canRatchet: () => writer.canRatchet(to),
      isDeniable: async (ack) => (await getSyncMessage(stage, ack))?.onlyAs === 'deniable',
    })
  }
}

/** BOUNDED: acknowledgements in one payload, of nothing that is known here, that are noted: it answers what one epoch brought. */
const MAX_UNKNOWN_ACKS = 100
/** BOUNDED: messages of a device that is not enabled that are looked at; each costs a signature. */
const MAX_INTRODUCTIONS = 4
const NOT_OURS = [{ reason: 'not-own-device', count: 1 }] as const
const NO_MESSAGES = { security: 'dh', messageIds: [] } as const

function heardIn({ security, downgraded, installationId }: Opened, bodies: readonly Uint8Array[]): Heard {
  return {
    ok: true,
    bodies,
    appendedSeconds: [],
    security: security === 'none' ? 'whisper' : security,
    downgraded,
    acked: [],
    installationId,
    gaveUp: [],
    refused: [],
  }
}
