/**
 * The devices of one person at work: each makes itself known to the others, what is said on one is on all, and so are
 * chats and contacts. Only devices that the person has enabled are told anything, and believed anything.
 */
import { equal, type PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { decodeProtocolMessage, type Installation } from '@status-protocol/double-ratchet'
import { storageReads } from '@status-protocol/mvds'
import type { ContactUpdate, PairInstallation } from '@status-protocol/payload'
import type { Clock, Storage } from '@status-protocol/ports'
import { type Chat, oneToOneChat } from '../chat.ts'
import type { Committer } from '../committer.ts'
import { allRelations } from '../contacts/relation.ts'
import { MessengerError } from '../error.ts'
import type { NewEvent } from '../events.ts'
import type { Rejection } from '../inbound.ts'
import type { Security } from '../message.ts'
import type { Sending } from '../sending.ts'
import type { Reads, Stage } from '../stage.ts'
import type { Statement, Taker, Takers } from '../statement.ts'
import { allChats, allContacts, type ChatRecord, getChat, getMessage } from '../tables.ts'
import { OWN_PROFILE, personFacts } from './facts.ts'
import { changedBy, current, renewed, subjectOfChat, subjectOfPerson } from './ledger.ts'
import { type OwnCopy, takeOwnCopy } from './own-copy.ts'
import { introduction, nameDevice, noteIntroduction, ownName } from './pairing.ts'
import {
  allEntries,
  type DeviceName,
  type Entry,
  getDeviceName,
  getEntry,
  putDeviceName,
  putEntry,
  type Subject,
} from './tables.ts'
import { createTaking, type Taken } from './taking.ts'
import { createTelling, type Told } from './telling.ts'

type Afterwards = (act: () => void) => void

/** This device, as its owner's other ones know it. */
export interface OwnDevice extends DeviceName {
  readonly installationId: string
}

/** What {@link DeviceSync.sync} sends. */
export interface SyncReport extends Told {
  readonly chats: number
  readonly contacts: number
}

/** What a person does with their own devices. */
export interface DeviceSync {
  /** What this one is called. */
  info(): Promise<OwnDevice>
  /**
   * Makes this device known to our other ones, in a message that all of them can read, and in the words of 2019 as long
   * as one of them may speak those: they show it, and their owner enables it there. Until this is done on both sides
   * nothing else is exchanged.
   */
  pair(): Promise<void>
  /**
   * Sends chats, contacts and their names to our enabled devices. Later changes go to them by themselves; this is for
   * a device that was enabled just now, or was away for long.
   *
   * @throws MessengerError `no-such-device` if none is enabled
   */
  sync(): Promise<SyncReport>
  /** How many messages wait for one of our other devices to acknowledge them. */
  waiting(): Promise<number>
}

export interface DeviceSyncOptions {
  readonly account: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey }
  readonly installationId: string
  readonly storage: Storage
  readonly clock: Clock
  readonly crypto: CryptoProvider
  readonly committer: Pick<Committer, 'input' | 'insist'>
  readonly sending: Pick<Sending, 'tell' | 'tellAnyDevice'>
  newChat(chat: Chat): ChatRecord
  /** Our other installations, as the security layer knows them. */
  installations(reads: Reads): Promise<readonly Installation[]>
  /** What another device of ours is called. */
  describe(stage: Stage, installationId: string, name: DeviceName): Promise<void>
  /** Somebody is no stranger any more. */
  meet(stage: Stage, person: PublicKey): Promise<void>
  /** Listens to a chat, or not any more. */
  hear(chat: Chat): Promise<void>
  /** Whether they are with us in a group that we joined. */
  isCompany(person: PublicKey): Promise<boolean>
  stop(chat: Chat): void
  /** Hears nothing of somebody any more. */
  silence(person: PublicKey): void
  /** What waits for somebody goes to them no more. */
  cease(stage: Stage, person: PublicKey): Promise<void>
  /** Contacts are others, or called otherwise. */
  namesChanged(): void
  /** Listens to our other devices. */
  hearOwn(): void
  /** Tells our other devices of groups, which travel as groups do. */
  tellGroups(stage: Stage, afterwards: Afterwards): Promise<void>
  /** More waits for our other devices than is kept. */
  dropped(count: number): void
  /** Something that nobody waits for failed. */
  failed(): void
}

export interface Devicing {
  readonly facet: DeviceSync
  readonly takers: Takers
  /** Contact updates: ours, from another device of ours, tell our profile. */
  ofOthers(take: Taker<ContactUpdate> | undefined): Taker<ContactUpdate>
  /** Tells the other devices what an input changed; runs at its end. */
  finish(stage: Stage, afterwards: Afterwards): Promise<void>
  /** Finds what was changed while the messenger was not at work. Runs as an input. */
  start(stage: Stage, afterwards: Afterwards): Promise<void>
  /** Something that we said, for our other devices. */
  copy(stage: Stage, wrapped: Uint8Array, afterwards: Afterwards): Promise<void>
  /** Whether this very installation wrote a ProtocolMessage: we hear our own envelopes. */
  isEcho(payload: Uint8Array): boolean
  /** Whether one of our installations, this or another, says that it wrote it. */
  isFromOurs(reads: Reads, payload: Uint8Array): Promise<boolean>
  /** Takes a private message of ours from another device. */
  takeMessage(stage: Stage, copy: OwnCopy, afterwards: Afterwards): Promise<undefined>
  /** Whether there are other devices of ours, or may be soon. */
  hasOthers(reads: Reads): Promise<boolean>
  /** Whether something of ours was said on a device that may speak for us. */
  isProven(
    stage: Stage,
    said: { readonly security?: Security; readonly installationId?: string | undefined },
  ): Promise<boolean>
  /** Names this device. */
  name(stage: Stage, name: DeviceName, afterwards: Afterwards): Promise<void>
}

export function createDeviceSync(options: DeviceSyncOptions): Devicing {
  const { installationId: ownId, storage, clock, committer } = options
  const { publicKey: self } = options.account
  const taking = createTaking({ ...options, publicKey: self, nowMs: () => clock.wallMs() })
  const telling = createTelling(options)
  /** Chats are listened to one after the other: each costs slow key derivations. */
  let listening: Promise<unknown> = Promise.resolve()

  const hearSoon = (chats: readonly Chat[]): void => {
    for (const chat of chats) listening = listening.then(() => options.hear(chat)).catch(options.failed)
  }

  /** Somebody who is blocked no more; the chats of others are heard already. */
  const hearAgain = async (people: readonly PublicKey[]): Promise<void> => {
    for (const person of people) {
      const chat = oneToOneChat(person)
      const record = await getChat(storage, chat.id)
      const isOurs = record && !record.left && !record.unasked
      if (isOurs || (await options.isCompany(person))) hearSoon([chat])
    }
  }

  const enabledOf = async (reads: Reads): Promise<readonly Installation[]> =>
    (await options.installations(reads)).filter(({ enabled }) => enabled)

  // --- what we tell ----------------------------------------------------------------------------------------------------------

  const finish: Devicing['finish'] = async (stage, afterwards) => {
    const changed = await changedBy(stage, clock.wallMs())
    if (changed.length > 0 && (await enabledOf(stage)).length > 0)
      await telling.entries(stage, changed, afterwards)
  }

  const everything = async (stage: Stage): Promise<(Subject & Entry)[]> => {
    const found: (Subject & Entry)[] = []
    for (const subject of await subjects(stage)) {
      const entry = await current(stage, subject)
      if (entry) found.push({ ...subject, clock: entry.clock, value: entry.value })
    }
    return found.sort((a, b) => (a.clock === b.clock ? 0 : a.clock > b.clock ? -1 : 1))
  }

  /** Chats and contacts that are there, and those that were. */
  const subjects = async (reads: Reads): Promise<readonly Subject[]> => {
    const all = [
      ...(await allChats(reads)).filter(({ chat }) => chat.kind !== 'group').map(subjectOfChat),
      ...(await allContacts(reads)).map(subjectOfPerson),
      ...(await allRelations(reads)).map(subjectOfPerson),
      OWN_PROFILE,
      ...(await allEntries(reads)),
    ]
    return [...new Map(all.map(({ kind, id }) => [`${kind} ${id}`, { kind, id }])).values()]
  }

  // --- what we are told --------------------------------------------------------------------------------------------------------

  const isProven: Devicing['isProven'] = async (stage, { security, installationId }) =>
    security === 'ratchet' && (await enabledOf(stage)).some(({ id }) => id === installationId)

  const ofOurs =
    <S extends Statement>(
      take: (stage: Stage, said: S) => Promise<Taken | Rejection>,
    ): ((stage: Stage, said: S, afterwards: Afterwards) => Promise<Rejection | undefined>) =>
    async (stage, said, afterwards) => {
      if (!equal(said.author, self) || !(await isProven(stage, said))) return 'not-own-device'
      const taken = await take(stage, said)
      if (typeof taken === 'string') return taken
      for (const person of taken.blocked) await options.cease(stage, person)
      tellTaken(stage, said.installationId ?? '', taken, afterwards)
      return undefined
    }

  const tellTaken = (
    stage: Stage,
    installationId: string,
    { joined, left, people, blocked }: Taken,
    afterwards: Afterwards,
  ): void => {
    if (joined.length + left.length + people.length === 0) return
    const event: NewEvent = {
      type: 'device',
      of: self,
      installationId,
      change: 'synced',
      enabled: true,
      chats: [...joined, ...left].map(({ id }) => id),
      contacts: people,
    }
    stage.add({ changes: [], events: [event] })
    afterwards(() => {
      options.namesChanged()
      for (const chat of left) options.stop(chat)
      for (const person of blocked) options.silence(person)
      hearSoon(joined)
      const others = people.filter((person) => !blocked.includes(person))
      void hearAgain(others).catch(options.failed)
    })
  }

  const takeProfile = ofOurs<Statement<ContactUpdate>>((stage, { message }) => taking.profile(stage, message))

  const takeIntroduction: Taker<PairInstallation> = async (stage, said, afterwards) => {
    const { author, installationId } = said
    const known = (await options.installations(stage)).find(({ id }) => id === installationId)
    if (!equal(author, self) || !known) return 'not-own-device'
    const noted = await noteIntroduction(stage, said, clock.wallMs())
    if (noted === undefined || typeof noted === 'string') return noted
    await options.describe(stage, known.id, noted)
    afterwards(options.hearOwn)
    const { id, enabled } = known
    stage.add({
      changes: [],
      events: [{ type: 'device', of: self, installationId: id, change: 'paired', enabled, ...noted }],
    })
    return undefined
  }

  // --- what the person does ----------------------------------------------------------------------------------------------------

  const pair = async (stage: Stage, afterwards: Afterwards): Promise<void> => {
    stage.add({ changes: [putDeviceName(await ownName(stage, ownId))] })
    await telling.introduce(stage, await introduction(stage, ownId, clock.wallMs()), afterwards)
    afterwards(options.hearOwn)
  }

  const syncAll = async (stage: Stage, afterwards: Afterwards): Promise<SyncReport> => {
    if ((await enabledOf(stage)).length === 0)
      throw new MessengerError(
        'no-such-device',
        'no other device of ours is enabled: pair and enable one first',
      )
    const entries = await everything(stage)
    const told = await telling.entries(stage, entries, afterwards)
    await options.tellGroups(stage, afterwards)
    const count = (wanted: Subject['kind'], isThere: (value: string) => boolean): number =>
      entries.filter(({ kind, value }) => kind === wanted && isThere(value)).length
    const isContact = (value: string): boolean => personFacts(value).contact === true
    return { chats: count('chat', (v) => v === 'here'), contacts: count('contact', isContact), ...told }
  }

  /** What there is no entry for was there before there were entries: it holds since then, and nobody is told. */
  const dated = async (stage: Stage, subject: Subject): Promise<boolean> => {
    if (await getEntry(stage, subject)) return true
    const entry = await current(stage, subject)
    if (entry) stage.add({ changes: [putEntry(subject, entry)] })
    return false
  }

  return {
    isProven,
    finish,
    ofOthers: (take) => (stage, said, afterwards) =>
      equal(said.author, self) || !take
        ? takeProfile(stage, said, afterwards)
        : take(stage, said, afterwards),
    takers: {
      'pair-installation': takeIntroduction,
      'sync-installation': ofOurs((stage, { message, judgedAtMs, generation }) =>
        generation === 'v1' ? taking.all(stage, message, judgedAtMs) : taking.legacy(stage, message),
      ),
      'sync-public-chat': ofOurs((stage, { message }) => taking.publicChat(stage, message)),
      'sync-contact': ofOurs((stage, { message }) => taking.contact(stage, message)),
    },
    isEcho: (payload) => writerOf(payload) === ownId,
    async isFromOurs(reads, payload) {
      const writer = writerOf(payload)
      return writer === ownId || (await options.installations(reads)).some(({ id }) => id === writer)
    },
    async takeMessage(stage, copy, afterwards) {
      if (await getMessage(stage, copy.message.id)) return undefined
      await takeOwnCopy(stage, copy, { self, crypto: options.crypto })
      const { chat } = copy.chat
      if (chat.kind === 'one-to-one') await options.meet(stage, chat.publicKey)
      afterwards(() => hearSoon([chat]))
      return undefined
    },
    hasOthers: async (reads) =>
      (await getDeviceName(reads)) !== undefined || (await options.installations(reads)).length > 0,
    async copy(stage, wrapped, afterwards) {
      if ((await enabledOf(stage)).length > 0) await telling.toOwn(stage, wrapped, afterwards)
    },
    async start(stage, afterwards) {
      const changed: (Subject & Entry)[] = []
      for (const subject of await subjects(stage)) {
        const entry = (await dated(stage, subject)) && (await renewed(stage, subject, clock.wallMs()))
        if (entry) changed.push(entry)
      }
      if (changed.length > 0 && (await enabledOf(stage)).length > 0)
        await telling.entries(stage, changed, afterwards)
    },
    async name(stage, name, afterwards) {
      await nameDevice(stage, name)
      afterwards(options.hearOwn)
      if ((await enabledOf(stage)).length > 0)
        await telling.rename(stage, await introduction(stage, ownId, clock.wallMs()), afterwards)
    },
    facet: {
      info: async () => ({ installationId: ownId, ...(await ownName(storage, ownId)) }),
      pair: () => committer.input(pair),
      sync: () => committer.input(syncAll),
      waiting: async () => (await storageReads(storage).peer(self))?.outgoing ?? 0,
    },
  }
}

function writerOf(payload: Uint8Array): string | undefined {
  try {
    return decodeProtocolMessage(payload).installationId
  } catch {
    return undefined // no ProtocolMessage
  }
}
