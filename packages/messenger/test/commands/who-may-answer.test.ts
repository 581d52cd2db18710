/** ARCHITECTURE.md, "Who may say what", of transaction commands: attacked from outside, by the other one, and by bad luck. */
import { to0xHex } from '@status-protocol/bytes'
import type { MessageIdText } from '@status-protocol/messenger'
import { type Message, messageId, oneToOneChatId, wrap } from '@status-protocol/payload'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { MAX_HELD_ANSWERS, MAX_HELD_ANSWERS_OF_ONE } from '../../src/commands/held.ts'
import { createCommandTaking } from '../../src/commands/taking.ts'
import type { OwnCopy } from '../../src/device-sync/own-copy.ts'
import { createStage } from '../../src/stage.ts'
import type { Taker } from '../../src/statement.ts'
import { type CrashPoint, crashing } from '../support/crashing.ts'
import { say } from '../support/saying.ts'
import { type Person, quickCrypto, storedEvents, World } from '../support/world.ts'
import {
  ADDRESS,
  commandEvents,
  HASH,
  sent,
  stateAt,
  statusAt,
  TOKEN,
  textsOf,
  two,
  UNKNOWN_ID,
  untilStatus,
} from './support.ts'

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice).toEqual([])
})
const pair = async (seed: number) => {
  const all = await two(seed)
  world = all.world
  return all
}
const clock = () => BigInt(world.clock.wallMs())
const accept = (id: string, address = ADDRESS): Message => ({
  ...{ type: 'accept-request-address-for-transaction', clock: clock() },
  ...{ id, address },
})
const declineAddress = (id: string): Message => ({
  ...{ type: 'decline-request-address-for-transaction', clock: clock(), id },
})
const announce = (id: string, signature = new Uint8Array(65)): Message => ({
  ...{ type: 'send-transaction', clock: clock(), id, transactionHash: HASH, signature },
})
const idOf = (author: Person, wrapped: Uint8Array): MessageIdText =>
  to0xHex(messageId(author.messenger.publicKey, wrapped, { crypto: quickCrypto })) as MessageIdText
const signed = (author: Person, said: Message): Uint8Array =>
  wrap(said, author.account.chatKey, { crypto: quickCrypto })

describe('an answer of somebody else than the two', () => {
  it('moves nothing: of a stranger, of a member of a group of ours, in their own chat or under a stolen signature', async () => {
    const { alice, bob } = await pair(521)
    const eve = await world.person('eve')
    world.join(eve, alice)
    world.join(eve, bob)
    const { id: group } = await alice.messenger.groups.create('ours', [eve.messenger.publicKey])
    await world.until(async () => (await eve.messenger.groups.list()).length > 0, 'invited')
    await eve.messenger.groups.accept(group)
    const { id } = await alice.messenger.commands.requestAddress(bob.id, { value: '1' })
    await untilStatus(world, bob, id, 'address-requested')
    const before = await textsOf(alice, eve.id)
    await say(world, eve, alice, accept(id))
    await say(world, eve, alice, signed(bob, accept(id)))
    await say(world, eve, bob, announce(id))
    await expect(eve.messenger.commands.giveAddress(id, ADDRESS)).rejects.toMatchObject({
      code: 'no-such-message',
    })
    expect(await statusAt(alice, id)).toBe('address-requested')
    expect(await statusAt(bob, id)).toBe('address-requested')
    expect(await textsOf(alice, eve.id)).toEqual(before)
    expect(Object.fromEntries(alice.messenger.rejected())).toEqual({ 'wrong-chat': 1, 'author-mismatch': 1 })
    expect(Object.fromEntries(bob.messenger.rejected())).toEqual({ 'wrong-chat': 1 })
  })

  it('nor does what was said to somebody else, or what is said to be ours', async () => {
    const { alice, bob } = await pair(522)
    const eve = await world.person('eve')
    world.join(eve, alice)
    world.join(alice, bob)
    const { id } = await bob.messenger.commands.requestAddress(alice.id, { value: '1' })
    await untilStatus(world, alice, id, 'address-requested')
    // Bob says to Alice what names Eve.
    await say(world, bob, alice, {
      ...announce(id),
      chatId: oneToOneChatId(eve.messenger.publicKey),
    } as Message)
    // Bob passes on what Alice would sign: as his own envelope, and on her own key without a session.
    const ours = signed(alice, { ...accept(id), chatId: oneToOneChatId(bob.messenger.publicKey) } as Message)
    await say(world, bob, alice, ours)
    await say(world, bob, bob, ours)
    const { service } = bob.whisper
    const publicKey = alice.messenger.publicKey
    await service.post({
      ...{ to: { publicKey }, payload: ours },
      topic: partitionedDiscovery(publicKey, { crypto: quickCrypto }).topic,
      signer: await service.addKeyPair(alice.account.chatKey.privateKey),
    })
    await world.run(500)
    expect(await statusAt(alice, id)).toBe('address-requested')
    expect(await statusAt(bob, id)).toBe('address-requested')
    expect(Object.fromEntries(alice.messenger.rejected())).toEqual({
      'wrong-chat': 1,
      'author-mismatch': 1,
      'not-own-device': 1,
    })
    expect(await textsOf(alice, bob.id)).toHaveLength(1)
  })
})

describe('of the two', () => {
  it('nobody answers themselves, nor what is no request, nor another kind of it', async () => {
    const { alice, bob } = await pair(523)
    const asked = await alice.messenger.commands.requestAddress(bob.id, { value: '1' })
    const paid = await alice.messenger.commands.requestTransaction(bob.id, { value: '1', address: ADDRESS })
    const text = await alice.messenger.send(bob.id, 'hello')
    await world.until(async () => (await textsOf(bob, alice.id)).length === 3, 'all three')
    for (const said of [
      accept(asked.id),
      declineAddress(asked.id),
      announce(paid.id),
      { type: 'decline-request-transaction', clock: clock(), id: paid.id } as const,
    ])
      await say(world, alice, bob, said)
    for (const said of [accept(text.id), accept(paid.id), declineAddress(paid.id)])
      await say(world, bob, alice, said)
    expect(await statusAt(bob, asked.id)).toBe('address-requested')
    expect(await statusAt(alice, paid.id)).toBe('transaction-requested')
    expect(Object.fromEntries(bob.messenger.rejected())).toEqual({ 'not-theirs-to-answer': 4 })
    expect(Object.fromEntries(alice.messenger.rejected())).toEqual({ 'no-such-request': 3 })
  })

  it('the first answer counts; nothing goes back', async () => {
    const { alice, bob } = await pair(524)
    const { id } = await alice.messenger.commands.requestAddress(bob.id, { value: '1' })
    await untilStatus(world, bob, id, 'address-requested')
    const first = accept(id)
    await say(world, bob, alice, first)
    await say(world, bob, alice, first)
    await say(world, bob, alice, accept(id, TOKEN))
    await say(world, bob, alice, declineAddress(id))
    expect(await stateAt(alice, id)).toEqual({ status: 'address-given', address: ADDRESS })
    await say(world, alice, bob, accept(id))
    await alice.messenger.commands.sendTransaction({ request: id }, sent(alice))
    await say(world, bob, alice, declineAddress(id))
    await say(world, bob, alice, accept(id, TOKEN))
    expect(await statusAt(alice, id)).toBe('announced')
    expect(Object.fromEntries(alice.messenger.rejected())).toEqual({ 'answered-already': 4 })
    expect(commandEvents(alice).map(({ state }) => state.status)).toEqual(['address-given', 'announced'])
    expect(await textsOf(alice, bob.id)).toHaveLength(3)
  })

  it('nobody gets fields in that are none', async () => {
    const { alice, bob } = await pair(525)
    const { id } = await bob.messenger.commands.requestAddress(alice.id, { value: '1' })
    await untilStatus(world, alice, id, 'address-requested')
    const ask = { type: 'request-transaction', contract: '', address: ADDRESS, value: '1' } as const
    const unfit: readonly Message[] = [
      accept(id, '0x12'),
      accept(id, ADDRESS.replace('5aA', '5aa')),
      accept(id, `${ADDRESS}${'0'.repeat(10_000)}`),
      accept('0x12'),
      accept(id.toUpperCase()),
      { ...ask, clock: clock(), value: `1${'0'.repeat(200)}` },
      { ...ask, clock: clock(), contract: '0xc0ffee' },
      { ...ask, clock: clock(), address: 'bob.stateofus.eth' },
      { ...announce(''), transactionHash: '0x12' } as Message,
      { ...announce(''), transactionHash: `${HASH}00` } as Message,
    ]
    for (const said of unfit) await say(world, alice, bob, said)
    await say(world, alice, bob, { ...ask, clock: clock(), value: 'much' })
    expect(await textsOf(bob, alice.id)).toHaveLength(1)
    expect(await statusAt(bob, id)).toBe('address-requested')
    expect(Object.fromEntries(bob.messenger.rejected())).toEqual({
      'command-unfit': unfit.length,
      'value-not-a-number': 1,
    })
  })

  it('a number that is no amount is shown as it came, and a signature that is none as none', async () => {
    const { alice, bob } = await pair(526)
    const ask = { type: 'request-transaction', contract: '', address: ADDRESS } as const
    await say(world, alice, bob, { ...ask, clock: clock(), value: '2.5' })
    for (const [i, signature] of [new Uint8Array(65), new Uint8Array(5000), new Uint8Array(0)].entries())
      await say(world, alice, bob, {
        ...announce('', signature),
        transactionHash: `0x${`0${i}`.repeat(32)}`,
      } as Message)
    await say(world, alice, bob, { ...announce(''), clock: clock() + 200_000n } as Message)
    const all = await bob.messenger.messages(alice.id)
    expect(all.at(-1)?.claimedClock, 'stands where it came').toBeDefined()
    const shown = all.slice(0, -1)
    expect(shown[0]?.text).toBe(`asks for "2.5" (no whole number of the smallest unit) of ETH to ${ADDRESS}`)
    expect(shown).toHaveLength(4)
    for (const { content } of shown.slice(1)) expect(JSON.stringify(content)).not.toContain('signer')
  })
})

describe('what a device of ours says that writes as Go does', () => {
  it('is for whom the request is that it answers; what begins a command, or answers what is not here, waits', async () => {
    const { alice, bob } = await pair(531)
    const { id } = await bob.messenger.commands.requestAddress(alice.id, { value: '1' })
    await untilStatus(world, alice, id, 'address-requested')
    const stage = createStage(alice.storage)
    const copies: OwnCopy[] = []
    const taken: unknown[] = []
    const { takers } = createCommandTaking({
      clock: world.clock,
      publicKey: alice.messenger.publicKey,
      crypto: quickCrypto,
      progress: {
        take: async (_stage, command) => void taken.push(command.chat),
        conclude: async () => undefined,
      },
      newChat: (chat) => ({ chat, joinedAtMs: 0, lastClock: 0n }),
      own: {
        isProven: async () => true,
        takeMessage: async (_stage, copy) => void copies.push(copy),
      },
    })
    const hear = (message: Message) =>
      (takers as Readonly<Record<string, Taker<Message>>>)[message.type]?.(
        stage,
        {
          ...{ author: alice.messenger.publicKey, message, messageId: UNKNOWN_ID as MessageIdText },
          ...{ wrapped: new Uint8Array(0), security: 'ratchet', downgraded: false, installationId: 'go' },
          ...{ sentUnixSeconds: Number(clock() / 1000n), appendedSeconds: 1n, highestClock: undefined },
          ...{ generation: 'v1', judgedAtMs: world.clock.wallMs() },
        },
        () => undefined,
      )
    expect(await hear(announce(''))).toBeUndefined()
    expect(await hear(accept(UNKNOWN_ID))).toBeUndefined()
    expect([copies, taken]).toEqual([[], []])
    expect(await hear({ ...accept(id), chatId: oneToOneChatId(alice.messenger.publicKey) } as Message)).toBe(
      'wrong-chat',
    )
    expect(await hear({ ...accept(id), chatId: '0x04' } as Message)).toBe('wrong-chat')
    expect(copies).toEqual([])
    expect(await hear(accept(id))).toBeUndefined()
    expect(copies.map(({ message }) => message.chat)).toEqual([bob.id])
    expect(taken).toEqual([bob.id])
  })
})

describe('an answer whose request is not there yet', () => {
  it('waits for it, and for what it follows; what else was said of it is lost', async () => {
    const { alice, bob } = await pair(527)
    const request = { type: 'request-address-for-transaction', value: '1', contract: '' } as const
    const wrapped = signed(alice, { ...request, clock: clock() })
    const id = idOf(alice, wrapped)
    await say(world, alice, bob, announce(id))
    expect(await textsOf(bob, alice.id)).toEqual([])
    await say(world, alice, bob, wrapped)
    expect(await statusAt(bob, id), 'no address was given').toBe('address-requested')
    await bob.messenger.commands.giveAddress(id, ADDRESS)
    await world.run(500)
    expect(await statusAt(bob, id)).toBe('announced')
    expect(await textsOf(bob, alice.id)).toHaveLength(3)
    expect(bob.messenger.rejected()).toEqual(new Map())
  })

  it('is kept within bounds, those of strangers go first, and goes with a person who is blocked', async () => {
    const { alice, bob } = await pair(528)
    await bob.messenger.send(alice.id, 'we know each other')
    const wrapped = signed(alice, {
      type: 'request-transaction',
      clock: clock(),
      value: '1',
      contract: '',
      address: ADDRESS,
    })
    await say(world, alice, bob, { ...declineAddress(UNKNOWN_ID) })
    const held = async (): Promise<number> => {
      let count = 0
      for await (const _ of bob.storage.range(
        'command-held',
        new Uint8Array(0),
        new Uint8Array(65).fill(255),
        1e6,
      ))
        count++
      return count
    }
    expect(await held()).toBe(1)
    for (let n = 0; n < 11; n++) {
      const eve = await world.person(`eve ${n}`)
      world.join(eve, bob)
      for (let i = 0; i < MAX_HELD_ANSWERS_OF_ONE + 1; i++)
        await say(world, eve, bob, { ...announce(UNKNOWN_ID), clock: clock() + BigInt(i) } as Message)
      expect(await held()).toBe(Math.min(MAX_HELD_ANSWERS, 1 + (n + 1) * MAX_HELD_ANSWERS_OF_ONE))
      await world.stop(eve)
    }
    let isKept = false
    for await (const [, value] of bob.storage.range(
      'command-held',
      new Uint8Array(0),
      new Uint8Array(65).fill(255),
      1e6,
    ))
      isKept ||= new TextDecoder().decode(value).includes(alice.id)
    expect(isKept, 'of whom we know').toBe(true)
    await bob.messenger.block(alice.messenger.publicKey)
    await say(world, alice, bob, wrapped)
    expect(await statusAt(bob, idOf(alice, wrapped))).toBeUndefined()
  })

  it('of somebody who is not heard where only contacts are is not shown with it', async () => {
    const { alice, bob } = await pair(529)
    await bob.messenger.setContactsOnly(true)
    const request = { type: 'request-address-for-transaction', value: '1', contract: '' } as const
    const wrapped = signed(alice, { ...request, clock: clock() })
    await say(world, alice, bob, announce(idOf(alice, wrapped)))
    await say(world, alice, bob, wrapped)
    expect(await textsOf(bob, alice.id)).toEqual([])
    expect(bob.messenger.rejected().get('not-a-contact')).toBe(1)
  })
})

describe('a process that dies at a commit', () => {
  const play = async (point: CrashPoint | undefined, who: 'alice' | 'bob'): Promise<number> => {
    world = new World(530)
    const dying = { store: crashing({} as never, undefined) }
    const people = new Map<string, Person>()
    for (const name of ['alice', 'bob'] as const) {
      const person = await world.person(name, {
        seenStorage: (storage) => {
          if (name !== who) return storage
          dying.store = crashing(storage, point, () =>
            world.kill(people.get(name) ?? (world.people.get(name) as Person)),
          )
          return dying.store.storage
        },
      })
      people.set(name, person)
      if (!person.isUp) await world.start(person)
    }
    const [alice, bob] = [people.get('alice') as Person, people.get('bob') as Person]
    const meet = () => world.join(alice, bob)
    meet()
    /** Again after a crash, unless it is there. */
    const act = async (
      person: Person,
      isDone: () => Promise<boolean>,
      run: () => Promise<unknown>,
    ): Promise<void> => {
      for (let attempt = 0; attempt < 3; attempt++) {
        if (await isDone()) return
        const running = run().catch(() => undefined)
        await Promise.race([running, world.run(100)])
        await revive()
      }
      expect(await isDone()).toBe(true)
      void person
    }
    const revive = async (): Promise<void> => {
      for (const person of [alice, bob])
        if (!person.isUp) {
          await world.start(person)
          meet()
        }
    }
    const until = async (isSo: () => Promise<boolean>, what: string): Promise<void> => {
      for (let i = 0; i < 600 && !(await isSo()); i++) {
        await world.run(100)
        await revive()
      }
      expect(await isSo(), what).toBe(true)
    }
    const first = async (person: Person, chat: string) => (await person.messenger.messages(chat))[0]?.id
    const status = async (person: Person, chat: string) => {
      const id = await first(person, chat)
      return id && (await statusAt(person, id))
    }
    await act(
      alice,
      async () => (await first(alice, bob.id)) !== undefined,
      () => alice.messenger.commands.requestAddress(bob.id, { value: '1' }),
    )
    await until(async () => (await status(bob, alice.id)) === 'address-requested', 'asked')
    const id = (await first(alice, bob.id)) as MessageIdText
    await act(
      bob,
      async () => (await status(bob, alice.id)) === 'address-given',
      () => bob.messenger.commands.giveAddress(id, ADDRESS),
    )
    await until(async () => (await status(alice, bob.id)) === 'address-given', 'given')
    await act(
      alice,
      async () => (await status(alice, bob.id)) === 'announced',
      () => alice.messenger.commands.sendTransaction({ request: id }, sent(alice)),
    )
    await until(async () => (await status(bob, alice.id)) === 'announced', 'announced')
    for (const [person, chat] of [
      [alice, bob.id],
      [bob, alice.id],
    ] as const) {
      expect(await textsOf(person, chat)).toHaveLength(3)
      const told = (await storedEvents(person)).flatMap((e) => (e.type === 'command' ? [e.state.status] : []))
      expect(told).toEqual(['address-given', 'announced'])
    }
    const { commits, hasCrashed } = dying.store
    expect(hasCrashed).toBe(point !== undefined)
    await world.close()
    return commits
  }

  for (const who of ['alice', 'bob'] as const)
    it(`of ${who}, says everything once`, { timeout: 120_000 }, async () => {
      const commits = await play(undefined, who)
      expect(commits).toBeGreaterThan(5)
      const every = Number(process.env.CRASH_EVERY ?? 6)
      for (let atCommit = 1 + (who === 'bob' ? 2 : 0); atCommit <= commits; atCommit += every)
        for (const when of ['before', 'after'] as const) await play({ atCommit, when }, who)
    })
})
