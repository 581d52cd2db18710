/**
 * Clients that are killed with SIGKILL at random moments, one of two at a time or both, also while they start, and one that
 * is not; they talk in private, in public and in a group. Nothing lost, nothing doubled. CLIENT_KILLS=1000 for the soak.
 */
import { join } from 'node:path'
import { seededRandom } from '@status-protocol/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { loadAccount } from '../src/account-store.ts'
import { lasts } from './lasting.ts'
import { type Person, startPerson, startRelay, stopAll, type Told, temporaryDirectory } from './programs.ts'
import { keyUses } from './wire-keys.ts'

const KILLS = Number(process.env.CLIENT_KILLS ?? 20)
const random = seededRandom(Number(process.env.SEED ?? 7))
const PUBLIC = '#kills'

afterEach(stopAll)

interface Said {
  readonly by: Somebody
  /** Among whom: how everybody calls the chat follows from it. */
  readonly where: Where
  readonly id: string
}
type Where = 'private' | 'public' | 'group'

/** A person over all the processes that they were. */
class Somebody {
  readonly name: string
  readonly dataDir: string = temporaryDirectory()
  /** What all processes told that happened to the account, in their order. */
  readonly told: { readonly method: string; readonly params: Told }[] = []
  readonly #args: readonly string[]
  #process: Person | undefined

  constructor(name: string, args: readonly string[]) {
    this.name = name
    this.#args = args
  }

  get call(): Person['rpc']['call'] {
    return this.process.rpc.call
  }
  get process(): Person {
    if (!this.#process) throw new Error(`${this.name} is not there`)
    return this.#process
  }
  get publicKey(): string {
    return this.process.publicKey
  }

  /** It is told what it has not told us yet, and nothing again. */
  async start(): Promise<void> {
    const before = this.#process?.publicKey
    this.#process = await startPerson({ dataDir: this.dataDir, args: [...this.#arguments()] })
    if (before !== undefined) expect(this.#process.publicKey, `${this.name} is who they were`).toBe(before)
  }

  async kill(): Promise<void> {
    await this.process.kill()
    this.told.push(...this.process.told.filter(({ params }) => params.seq !== undefined))
  }

  /** Killed before it is known whether it is ready. */
  async dieStarting(afterMs: number): Promise<void> {
    const starting = startPerson({
      ...{ dataDir: this.dataDir, args: [...this.#arguments()], killAfterMs: afterMs },
    })
    const person = await starting.catch((error: Error) => {
      expect(error.message, `${this.name} could start`).not.toMatch(/status: /)
    })
    await person?.kill()
  }

  #arguments(): readonly string[] {
    return ['--after', this.told.at(-1)?.params.seq ?? '0', ...this.#args]
  }
}

class Conversation {
  readonly alice: Somebody
  readonly bob: Somebody
  /** Never killed. */
  readonly carol: Somebody
  readonly accepted: Said[] = []
  /** All that was tried: what died before it was answered may or may not have been stored. */
  readonly texts = new Set<string>()
  group = ''

  constructor(alice: Somebody, bob: Somebody, carol: Somebody) {
    this.alice = alice
    this.bob = bob
    this.carol = carol
  }

  get everybody(): readonly Somebody[] {
    return [this.alice, this.bob, this.carol]
  }

  /** As this person calls it; private is between Alice and Bob. */
  chatOf(person: Somebody, where: Where): string {
    if (where === 'private') return (person === this.alice ? this.bob : this.alice).publicKey
    return where === 'public' ? PUBLIC : this.group
  }

  readersOf(where: Where): readonly Somebody[] {
    return where === 'private' ? [this.alice, this.bob] : this.everybody
  }

  async meet(): Promise<void> {
    for (const person of this.everybody) await person.call['chat.join']({ chat: PUBLIC })
    const members = [this.bob.publicKey, this.carol.publicKey]
    this.group = (await this.alice.call['group.create']({ name: 'the killed', members })).group
    const group = this.group
    for (const person of [this.bob, this.carol]) {
      const isInvited = async () =>
        (await person.call['group.list']({})).groups.some((one) => one.group === group)
      await until(isInvited, `${person.name} is invited`)
      await person.call['group.accept']({ group })
    }
    for (const person of this.everybody)
      await until(async () => {
        const { members: all } = await person.call['group.view']({ group })
        return all.length === 3 && all.every(({ state }) => state === 'joined')
      }, `${person.name} knows that all have joined`)
  }

  async say(by: Somebody, where: Where): Promise<void> {
    const text = `${where} ${this.texts.size} of ${by.name}`
    this.texts.add(text)
    try {
      const { messageId } = await by.call['chat.send']({ to: this.chatOf(by, where), text })
      this.accepted.push({ by, where, id: messageId })
    } catch (error) {
      expect((error as { code?: string }).code, text).toBe('closed') // killed before it answered
    }
  }

  /** A few words of everybody, everywhere, in another order each time. */
  async talk(): Promise<void> {
    const wheres: readonly Where[] = ['private', 'public', 'group']
    const from = random.int(3)
    const inTurn = async (by: Somebody, words: readonly Where[]) => {
      for (const where of words) await this.say(by, where)
    }
    const turned = [...wheres, ...wheres].slice(from, from + 3)
    await Promise.all([
      inTurn(this.alice, turned),
      inTurn(this.bob, turned.toReversed()),
      inTurn(this.carol, from === 0 ? ['public'] : ['group']),
    ])
  }

  /** What was answered is stored, whatever came then. */
  async expectKept(by: Somebody, said: readonly Said[]): Promise<void> {
    for (const { id } of said) await by.call['message.get']({ messageId: id })
  }

  async ids(person: Somebody, where: Where): Promise<readonly string[]> {
    return (await allMessages(person, this.chatOf(person, where))).map(({ messageId }) => messageId)
  }

  /** All have the same, in the same order; and what was accepted is there. */
  async isSame(where: Where, readers: readonly Somebody[] = this.readersOf(where)): Promise<boolean> {
    const [first, ...others] = await Promise.all(readers.map(async (one) => this.ids(one, where)))
    const all = new Set(first)
    return (
      this.accepted.every((said) => said.where !== where || all.has(said.id)) &&
      others.every((ids) => ids.join() === first?.join())
    )
  }

  /** Also what was on its way when its author died: acknowledged by all, or in public confirmed by the relay. */
  async isKnownToArrive(by: Somebody): Promise<boolean> {
    const wheres = (['private', 'public', 'group'] as const).filter((one) => this.readersOf(one).includes(by))
    for (const where of wheres)
      for (const { own, delivery = '' } of await allMessages(by, this.chatOf(by, where)))
        if (own && !(where === 'public' ? ['relayed', 'archived'] : ['delivered']).includes(delivery))
          return false
    return true
  }

  /** Nothing twice, nothing that nobody said, in what is stored and in what was told. */
  async expectSound(): Promise<void> {
    for (const person of this.everybody) {
      for (const where of ['private', 'public', 'group'] as const) {
        if (!this.readersOf(where).includes(person)) continue
        const messages = await allMessages(person, this.chatOf(person, where))
        const what = `${where} at ${person.name}`
        expect(new Set(messages.map(({ messageId }) => messageId)).size, what).toBe(messages.length)
        expect(new Set(messages.map(({ text }) => text)).size, `${what}, each once`).toBe(messages.length)
        expect(
          messages.filter(({ text }) => !this.texts.has(text)),
          `${what}: said by nobody`,
        ).toEqual([])
      }
      const { rejected } = await person.call['stats.rejected']({})
      expect(rejected, person.name).toEqual(REJECTED)
    }
  }
}

describe.skipIf(!lasts)('clients killed at random moments', { retry: 0 }, () => {
  it(`${KILLS} kills while all talk in private, in public and in a group: what was accepted arrives exactly once`, {
    timeout: 120_000 + KILLS * 20_000,
  }, async () => {
    const relay = await startRelay({ args: ['--mailserver'] })
    const [withMail, without] = [
      ['--mailserver', relay.enode],
      ['--peer', relay.enode],
    ]
    const alice = new Somebody('Alice', withMail)
    const bob = new Somebody('Bob', without)
    const carol = new Somebody('Carol', without)
    const scene = new Conversation(alice, bob, carol)
    let kills = 0
    for (const person of [alice, bob]) {
      await person.dieStarting(random.int(600)) // while the account is made
      kills++
    }
    await Promise.all(scene.everybody.map((person) => person.start()))
    await scene.meet()

    for (let round = 1; kills < KILLS; round++) {
      const victims = round % 6 === 0 ? [alice, bob] : [random.pick([alice, bob])]
      const before = scene.accepted.length
      const talk = scene.talk()
      await new Promise((resolve) => setTimeout(resolve, random.int(1200)))
      await Promise.all(victims.map((victim) => victim.kill()))
      await talk
      kills += victims.length
      if (round % 4 === 0 && kills < KILLS) {
        await victims[0]?.dieStarting(random.int(800))
        kills++
      }
      await Promise.all(victims.map((victim) => victim.start()))
      const said = scene.accepted.slice(before)
      for (const victim of victims)
        await scene.expectKept(
          victim,
          said.filter(({ by }) => by === victim),
        )
    }

    for (const where of ['private', 'group'] as const)
      await until(() => scene.isSame(where), `data sync brings all to all, ${where}`)
    for (const person of scene.everybody)
      await until(() => scene.isKnownToArrive(person), `${person.name} knows that all has arrived`)
    await until(() => scene.isSame('public', [alice, carol]), 'who is there or has a mailserver has all')
    await bob.call['mailserver.add']({ enode: relay.enode })
    await until(() => scene.isSame('public'), 'who asks a mailserver at last has all')
    await scene.expectSound()

    for (const person of scene.everybody) {
      await person.kill()
      expectToldOnce(person)
    }
    await relay.kill('SIGTERM')
    const accounts = await Promise.all(
      scene.everybody.map(async ({ dataDir }) => (await loadAccount({ dataDir })).account),
    )
    const { keys, usedTwice } = await keyUses(join(relay.dataDir, 'archive'), accounts)
    expect(usedTwice, 'message keys used for two texts').toEqual([])
    expect(keys, 'message keys on the wire').toBeGreaterThan(KILLS)
  })
})

/** Each event has its number, whichever process told it, and each message of others is told once. */
function expectToldOnce({ name, told }: Somebody): void {
  const seqs = told.map(({ params }) => Number(params.seq))
  expect(seqs, `what ${name} was told`).toEqual(seqs.map((_, i) => i + 1))
  const heard = told.flatMap(({ method, params }) => (method === 'message' ? [params.messageId] : []))
  expect(new Set(heard).size, `messages that ${name} was told`).toBe(heard.length)
  expect(told.filter(({ method }) => method === 'undecryptable')).toEqual([])
}

const REJECTED = expect.not.objectContaining({ undecryptable: expect.anything() })

/** Page by page. */
async function allMessages({ call }: Somebody, chat: string) {
  const read = async (before?: string) =>
    (await call['chat.messages']({ chat, limit: 1000, ...(before ? { before } : {}) })).messages
  let page = await read()
  const all = [...page]
  for (let guard = 0; page.length === 1000 && guard < 1000; guard++) {
    page = await read(page[0]?.messageId)
    all.unshift(...page)
  }
  return all
}

/** Data sync waits longer before each time it sends: what was sent to somebody who was dead for long comes late. */
const LONGEST_WAIT_MS = 60_000 + KILLS * 6_000

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (
    const deadline = Date.now() + LONGEST_WAIT_MS;
    !(await condition());
    await new Promise((r) => setTimeout(r, 200))
  )
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`)
}
