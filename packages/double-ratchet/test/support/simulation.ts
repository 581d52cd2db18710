/**
 * People with several devices over a network that reorders, drops and repeats, whose devices crash, lose their stores and
 * have clocks that jump. What the messenger does with this package: one commit for state and parcel when writing, one for
 * state and plaintext when reading; after a crash parcels that are left go out again.
 */
import { equal, toHex, utf8 } from '@status-protocol/bytes'
import {
  answerRefusal,
  type ConversationContext,
  decryptMessage,
  encryptDeniably,
  encryptMessage,
  type Installation,
  publicMessage,
  type Refused,
  type Sealed,
  setInstallationEnabled,
  sweep,
} from '@status-protocol/double-ratchet'
import type { Change } from '@status-protocol/ports'
import { type SeededRandom, seededRandom } from '@status-protocol/testkit'
import { sendingSession } from '../../src/conversation/sessions.ts'
import { Crash, type CrashAt, crashingStorage } from './crashing-storage.ts'
import type { Copy, Device, Outcomes, Person } from './device.ts'
import { party } from './party.ts'
import { Robbery } from './robbery.ts'

export const HOUR_MS: number = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Clocks of devices are off by up to this. */
export const MAX_SKEW_MS: number = 2 * DAY_MS
/** Younger than this a message must open, whatever the clocks: sessions are kept 14 days. */
const SURE_MS = 14 * DAY_MS - 2 * MAX_SKEW_MS

const OUTBOX = 'test.outbox'
const INBOX = 'test.inbox'

export class Simulation {
  nowMs = 1_577_836_800_000
  readonly random: SeededRandom
  readonly people: readonly Person[]
  readonly outcomes: Outcomes = {
    ...{ opened: 0, refused: new Map(), crashes: 0, answers: 0 },
    ...{ thefts: 0, exposed: 0, healed: 0 },
  }
  readonly #inFlight: Copy[] = []
  /** What is in an outbox by its number: who it is for. Not lost in a crash: it stands for the parcel's own fields. */
  readonly #parcels = new Map<string, Omit<Copy, 'to'> & { readonly toPerson: Person }>()
  readonly #robbery = new Robbery()
  readonly #onCommit: () => CrashAt | undefined
  /** By name of a device and key of a person: which installations the device wrote to last. */
  readonly #wroteTo = new Map<string, readonly string[]>()
  #texts = 0

  constructor(counts: readonly number[], seed = 1, onCommit: () => CrashAt | undefined = () => undefined) {
    this.random = seededRandom(seed)
    this.#onCommit = onCommit
    this.people = counts.map((_, i) => ({
      identity: this.random.bytes(32).with(0, i + 1),
      devices: [],
      installations: 0,
    }))
    counts.forEach((count, i) => {
      for (let n = 0; n < count; n++) this.install(this.people[i] as Person)
    })
  }

  get devices(): readonly Device[] {
    return this.people.flatMap(({ devices }) => devices)
  }

  get inFlight(): number {
    return this.#inFlight.length
  }

  /** A device with an empty store and an installation id of its own. */
  install(person: Person): Device {
    const name = `${this.people.indexOf(person)}-${person.installations++}`
    const storage = crashingStorage(this.#onCommit)
    const device: Device = {
      name,
      person,
      storage,
      party: party(person.identity, name, storage),
      skewMs: 0,
      opened: new Set(),
      heard: new Map(),
    }
    person.devices = [...person.devices, device]
    return device
  }

  /** The store is lost, the person installs again. What was on its way to the old one is lost too. */
  async reinstall(device: Device): Promise<void> {
    const { person } = device
    for (let i = this.#inFlight.length - 1; i >= 0; i--)
      if (this.#inFlight[i]?.to === device) this.#inFlight.splice(i, 1)
    person.devices = person.devices.filter((one) => one !== device)
    await this.publish(this.install(person))
  }

  async send(from: Device, to: Person, mode: 'ratchet' | 'dh' | 'deniable' = 'ratchet'): Promise<void> {
    const text = `text ${this.#texts++} of ${from.name}`
    const plaintext = utf8(text)
    const peer = (to.devices[0] as Device).party.self.publicKey
    await this.#surviving(from, async () => {
      const conversation = await from.party.conversation(peer)
      const context = this.#contextOf(from)
      const step =
        mode === 'deniable'
          ? encryptDeniably(conversation, { plaintext }, context)
          : encryptMessage(conversation, { plaintext, ...(mode === 'dh' ? { mode } : {}) }, context)
      const [sealed] = step.outputs
      if (sealed.type === 'sealed') this.#wroteTo.set(`${from.name} ${toHex(peer)}`, sealed.installationIds)
      if (sealed.type === 'sealed')
        await this.#commitParcel(from, step.changes, { text, sealed, to, unsigned: mode === 'deniable' })
    })
  }

  /** A contact code: everybody may read it. */
  async publish(from: Device): Promise<void> {
    await this.#surviving(from, async () => {
      const conversation = await from.party.conversation(from.party.self.publicKey)
      const step = publicMessage(conversation, {}, this.#contextOf(from))
      const [sealed] = step.outputs
      await from.storage.commit(step.changes)
      for (const to of this.devices)
        if (to !== from) this.#post({ text: '', from, to, sealed, unsigned: false })
    })
  }

  /** Takes what comes next out of the air, or any other. */
  async deliver(pick: number): Promise<void> {
    const [copy] = this.#inFlight.splice(pick % Math.max(1, this.#inFlight.length), 1)
    if (copy) await this.#read(copy)
  }

  drop(pick: number): void {
    this.#inFlight.splice(pick % Math.max(1, this.#inFlight.length), 1)
  }

  duplicate(pick: number): void {
    const copy = this.#inFlight[pick % Math.max(1, this.#inFlight.length)]
    if (copy) this.#inFlight.push(copy)
  }

  async pair(a: Device, b: Device, enabled = true): Promise<void> {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const)
      await this.#surviving(one, async () => {
        const { publicKey } = one.party.self
        const conversation = await one.party.conversation(publicKey)
        const installationId = other.party.self.installationId
        if (!conversation.installations.some(({ id }) => id === installationId)) return
        await one.storage.commit(setInstallationEnabled(conversation, { installationId, enabled }).changes)
      })
  }

  async sweep(device: Device): Promise<void> {
    await this.#surviving(device, async () => {
      const { changes } = await sweep(device.storage, device.party.self, this.#contextOf(device))
      await device.storage.commit(changes)
    })
  }

  /** Somebody copies all that is in the store, and goes unseen. */
  async steal({ party }: Device): Promise<void> {
    await this.#robbery.steal(party)
    this.outcomes.thefts++
  }

  /** Everything arrives; everybody has heard of everybody, with right clocks; then each pair talks and must agree. */
  async settle(rounds = 3): Promise<void> {
    for (const device of this.devices) device.skewMs = 0
    await this.#deliverAll()
    this.nowMs += 3 * DAY_MS
    for (const device of this.devices) await this.publish(device)
    await this.#deliverAll()
    for (let round = 0; round < rounds; round++)
      for (const from of this.devices)
        for (const to of this.people)
          if (to !== from.person) {
            await this.send(from, to)
            await this.#deliverAll()
            if (this.outcomes.thefts > 0 && this.random.int(6) === 0)
              await this.steal(this.random.pick(this.devices))
          }
    for (const device of this.devices) await this.#expectInbox(device)
    await this.#expectAgreement()
    if (this.outcomes.thefts === 0) return
    const { exposed, healed } = this.#robbery.expectSecrecy()
    this.outcomes.exposed += exposed
    this.outcomes.healed += healed
    for (const device of this.devices) await this.steal(device)
    this.#robbery.expectSecrecy()
  }

  // ---- what is checked

  /** Of more than three devices of a person some are not written to, and have no say in which session is. */
  #writesTo(a: Device, b: Device): boolean {
    const written = this.#wroteTo.get(`${a.name} ${toHex(b.party.self.publicKey)}`)
    return written?.includes(b.name) === true
  }

  /** Both ends write on the same session, and where one sends the other receives. */
  async #expectAgreement(): Promise<void> {
    let pairs = 0
    for (const a of this.devices)
      for (const b of this.devices) {
        if (a.person === b.person || !this.#writesTo(a, b) || !this.#writesTo(b, a)) continue
        const [mine, theirs] = [await this.#sessionWith(a, b), await this.#sessionWith(b, a)]
        if (!mine || !theirs) continue
        pairs++
        const isSame = equal(mine.ephemeralKey, theirs.ephemeralKey) && equal(mine.preKeyId, theirs.preKeyId)
        if (!isSame) throw new Error(`${a.name} and ${b.name} write on different sessions`)
        const [sending, receiving] = [mine.ratchet.sending, theirs.ratchet.receiving]
        const isTheirTurn = equal(mine.ratchet.self.publicKey, theirs.ratchet.remoteKey ?? new Uint8Array(0))
        if (isTheirTurn && !(sending.n === receiving.n && equal(sending.key, receiving.key)))
          throw new Error(`the chain from ${a.name} to ${b.name} is not the same at both ends`)
      }
    if (pairs === 0) throw new Error('nobody has a session with anybody')
  }

  /** The session that `a` would write on to `b`, if it writes to that device at all. */
  async #sessionWith(a: Device, b: Device) {
    const { installations, ownPreKeys } = await a.party.conversation(b.party.self.publicKey)
    const installation: Installation | undefined = installations.find(({ id }) => id === b.name)
    return installation?.usedMs && installation.usedMs > this.nowMs - HOUR_MS
      ? sendingSession(installation, ownPreKeys.at(-1)?.id)
      : undefined
  }

  /** What is stored is what was opened, each text once. */
  async #expectInbox(device: Device): Promise<void> {
    const stored = new Set<string>()
    for await (const [, value] of device.storage.range(INBOX, new Uint8Array(0), Uint8Array.of(255), 10_000))
      stored.add(new TextDecoder().decode(value))
    for (const text of device.opened)
      if (!stored.has(text)) throw new Error(`${device.name} has read "${text}", and it is not stored`)
  }

  async #tap(from: Device, readers: readonly Device[], to: Person, sealed: Sealed): Promise<void> {
    const conversation = await from.party.conversation((to.devices[0] as Device).party.self.publicKey)
    this.#robbery.wiretap.post(
      from.party,
      readers.map(({ party }) => party),
      conversation,
      sealed,
    )
  }

  /** Every refusal has its cause in what happened; without one the message must open. */
  #expectCause({ reason }: Refused, copy: Copy, isRepetition: boolean): void {
    const { to, from, sealed, sentMs, heard, text } = copy
    const isAddressed = sealed.security === 'dh' || sealed.installationIds.includes(to.name)
    const isOld = this.nowMs - sentMs >= SURE_MS || sentMs - (heard.get(to.name) ?? 0) >= SURE_MS
    const causes: Record<string, boolean> = {
      'no-payload': sealed.security === 'none',
      'not-addressed': !isAddressed && to.person !== from.person,
      'not-paired': !isAddressed && to.person === from.person,
      'key-gone': isRepetition || isOld,
      'no-session': isOld,
    }
    if (!causes[reason])
      throw new Error(`${to.name} could not read "${text}" of ${from.name}: ${reason}, and there is no cause`)
  }

  // ---- how a device works

  async #read(copy: Copy): Promise<void> {
    const { to, from, sealed, text, unsigned } = copy
    const isRepetition = to.opened.has(text)
    try {
      const peer = from.party.self.publicKey
      const context = this.#contextOf(to)
      const before = await to.party.conversation(peer)
      const step = decryptMessage(before, { message: sealed.bytes, confirm: true, unsigned }, context)
      const [output] = step.outputs
      if (output.type === 'refused') {
        this.#expectCause(output, copy, isRepetition)
        const count = this.outcomes.refused.get(output.reason) ?? 0
        this.outcomes.refused.set(output.reason, count + 1)
        const answered = answerRefusal(step.conversation, { refused: output }, context)
        const [answer] = answered.outputs
        const changes = [...step.changes, ...answered.changes]
        if (answer) {
          this.outcomes.answers++
          await this.#commitParcel(to, changes, {
            text: '',
            sealed: answer,
            to: from.person,
            unsigned: false,
          })
        } else await to.storage.commit(changes)
      } else {
        const read = new TextDecoder().decode(output.plaintext)
        if (read !== text) throw new Error(`expected "${text}", read "${read}"`)
        if (output.security !== sealed.security) throw new Error(`${text}: read as ${output.security}`)
        if (isRepetition && output.security === 'ratchet')
          throw new Error(`${to.name} has read "${text}" twice`)
        const stored: Change = { put: [INBOX, utf8(text), output.plaintext] }
        try {
          await to.storage.commit([...step.changes, stored])
        } catch (error) {
          if (error instanceof Crash && error.isWritten) this.#stored(copy)
          throw error
        }
        this.#stored(copy)
        this.outcomes.opened++
      }
      to.heard.set(from.name, Math.max(copy.sentMs, to.heard.get(from.name) ?? 0))
    } catch (error) {
      if (!(error instanceof Crash)) throw error
      this.#inFlight.push(copy) // it comes again, from somebody's archive
      await this.#restart(to)
    }
  }

  #stored({ to, text, sealed }: Copy): void {
    if (sealed.security !== 'ratchet') return
    to.opened.add(text)
    this.#robbery.wiretap.read(to.party, sealed)
  }

  async #commitParcel(
    from: Device,
    changes: readonly Change[],
    parcel: {
      readonly text: string
      readonly sealed: Sealed
      readonly to: Person
      readonly unsigned: boolean
    },
  ): Promise<void> {
    const { text, sealed, to, unsigned } = parcel
    const id = `${this.#parcels.size}`
    const heard = new Map(from.heard)
    this.#parcels.set(id, { text, sealed, from, toPerson: to, sentMs: this.nowMs, heard, unsigned })
    await from.storage.commit([...changes, { put: [OUTBOX, utf8(id), utf8(id)] }])
    await this.#flush(from)
  }

  async #flush(from: Device): Promise<void> {
    const ids: Uint8Array[] = []
    for await (const [key] of from.storage.range(OUTBOX, new Uint8Array(0), Uint8Array.of(255), 1_000))
      ids.push(key)
    for (const id of ids) {
      const parcel = this.#parcels.get(new TextDecoder().decode(id))
      if (!parcel) throw new Error('a parcel that nobody wrote')
      const readers = parcel.toPerson.devices.filter((to) => to !== from)
      await this.#tap(from, readers, parcel.toPerson, parcel.sealed)
      for (const to of readers) this.#post({ ...parcel, to })
      await from.storage.commit([{ del: [OUTBOX, id] }])
    }
  }

  #post(copy: Omit<Copy, 'sentMs' | 'heard'> & Partial<Copy>): void {
    this.#inFlight.push({ sentMs: this.nowMs, heard: copy.from.heard, ...copy })
  }

  async #surviving(device: Device, task: () => Promise<void>): Promise<void> {
    try {
      await task()
    } catch (error) {
      if (!(error instanceof Crash)) throw error
      await this.#restart(device)
    }
  }

  async #restart(device: Device): Promise<void> {
    this.outcomes.crashes++
    await this.#surviving(device, () => this.#flush(device))
  }

  async #deliverAll(): Promise<void> {
    while (this.#inFlight.length > 0) await this.deliver(this.random.int(this.#inFlight.length))
  }

  #contextOf(device: Device): ConversationContext {
    return { nowMs: this.nowMs++ + device.skewMs, random: this.random }
  }
}
