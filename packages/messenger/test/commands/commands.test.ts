/** Transaction commands between two people: what each sees, how a command goes on, and what is refused where it is written. */
import { afterEach, describe, expect, it } from 'vitest'
import { statesOf, type World } from '../support/world.ts'
import {
  ADDRESS,
  commandAt,
  commandEvents,
  HALF_ETHER,
  HASH,
  sent,
  stateAt,
  statusAt,
  TOKEN,
  textsOf,
  two,
  UNKNOWN_ID,
  untilStatus,
  wallet,
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

describe('an address is asked for', () => {
  it('is given, and the transaction announced: each step is a message, and one record says how far it is', async () => {
    const { alice, bob } = await pair(501)
    const { id } = await alice.messenger.commands.requestAddress(bob.id, { value: HALF_ETHER })
    await untilStatus(world, bob, id, 'address-requested')
    expect(await statusAt(alice, id)).toBe('address-requested')
    const given = await bob.messenger.commands.giveAddress(id, ADDRESS.toLowerCase())
    await untilStatus(world, alice, id, 'address-given')
    const announced = await alice.messenger.commands.sendTransaction({ request: id }, sent(alice))
    await untilStatus(world, bob, id, 'announced')
    const state = { status: 'announced', transactionHash: HASH, signer: wallet.address }
    for (const person of [alice, bob]) {
      const there = person === alice ? bob.id : alice.id
      expect(await textsOf(person, there)).toEqual([
        'asks for an address to send 0.5 ETH to',
        `gives the address ${ADDRESS}`,
        `announces the transaction ${HASH} (not checked)`,
      ])
      expect(await commandAt(person, id)).toEqual({
        ...{ kind: 'command', command: 'request-address-for-transaction', value: HALF_ETHER },
        state,
      })
      expect(await commandAt(person, given.id)).toMatchObject({ request: id, address: ADDRESS })
      expect(await commandAt(person, announced.id)).toMatchObject({ request: id, transactionHash: HASH })
      expect(commandEvents(person)).toMatchObject([
        {
          ...{ type: 'command', chat: there, messageId: id, answer: given.id, own: person === bob },
          state: { status: 'address-given', address: ADDRESS },
        },
        {
          ...{ type: 'command', chat: there, messageId: id, answer: announced.id, own: person === alice },
          state,
        },
      ])
      expect(person.messenger.rejected()).toEqual(new Map())
    }
    await world.until(() => statesOf(alice, announced.id).includes('delivered'), 'delivered')
    expect(statesOf(alice, id)).toEqual(['queued', 'sent', 'relayed', 'delivered'])
    expect((await alice.messenger.message(announced.id))?.security).toBe('ratchet')
    expect((await bob.messenger.chatStates())[0]?.unread).toBe(2)
  })

  it('or not', async () => {
    const { alice, bob } = await pair(502)
    const { id } = await alice.messenger.commands.requestAddress(bob.id, { value: '7', contract: TOKEN })
    await untilStatus(world, bob, id, 'address-requested')
    expect(await textsOf(bob, alice.id)).toEqual([
      `asks for an address to send 7 of the smallest unit of the token ${TOKEN} to`,
    ])
    await bob.messenger.commands.decline(id)
    await untilStatus(world, alice, id, 'address-declined')
    const refused = { code: 'no-such-request' }
    await expect(bob.messenger.commands.giveAddress(id, ADDRESS)).rejects.toMatchObject(refused)
    await expect(
      alice.messenger.commands.sendTransaction({ request: id }, sent(alice)),
    ).rejects.toMatchObject(refused)
    expect(await textsOf(alice, bob.id)).toHaveLength(2)
  })
})

describe('a transaction is asked for', () => {
  it('is announced, once', async () => {
    const { alice, bob } = await pair(503)
    const asked = { value: '1', address: ADDRESS }
    const { id } = await alice.messenger.commands.requestTransaction(bob.id, asked)
    await untilStatus(world, bob, id, 'transaction-requested')
    expect(await textsOf(bob, alice.id)).toEqual([`asks for 0.000000000000000001 ETH to ${ADDRESS}`])
    const answer = await bob.messenger.commands.sendTransaction({ request: id }, sent(bob))
    await untilStatus(world, alice, id, 'announced')
    // The answer's own id names the request as well.
    for (const request of [id, answer.id])
      await expect(
        bob.messenger.commands.sendTransaction({ request }, sent(bob, `0x${'cd'.repeat(32)}`)),
      ).rejects.toMatchObject({ code: 'no-such-request' })
    await expect(bob.messenger.commands.decline(id)).rejects.toMatchObject({ code: 'no-such-request' })
  })

  it('or refused', async () => {
    const { alice, bob } = await pair(504)
    const asked = { value: '1', contract: TOKEN, address: ADDRESS }
    const { id } = await alice.messenger.commands.requestTransaction(bob.id, asked)
    await untilStatus(world, bob, id, 'transaction-requested')
    await expect(alice.messenger.commands.decline(id), 'our own').rejects.toMatchObject({
      code: 'no-such-request',
    })
    await bob.messenger.commands.decline(id)
    await untilStatus(world, alice, id, 'transaction-declined')
  })

  it('or announced though nobody asked', async () => {
    const { alice, bob } = await pair(505)
    const { id } = await alice.messenger.commands.sendTransaction({ chat: bob.id }, sent(alice))
    await untilStatus(world, bob, id, 'announced')
    expect(await stateAt(bob, id)).toEqual({
      status: 'announced',
      transactionHash: HASH,
      signer: wallet.address,
    })
    expect(commandEvents(bob), 'the message itself tells it').toEqual([])
  })
})

describe('where a command is written', () => {
  it('everything is checked', async () => {
    const { alice, bob } = await pair(506)
    const { commands } = alice.messenger
    const unfit = { code: 'invalid-content' }
    for (const value of ['', '0.5', '-1', '1e3', '0x1', ' 1', (2n ** 256n).toString(), '1'.repeat(500)])
      await expect(commands.requestAddress(bob.id, { value }), value).rejects.toMatchObject(unfit)
    const badly = ADDRESS.replace('5aA', '5aa')
    for (const address of ['', '0x12', ADDRESS.slice(2), badly, `${ADDRESS}00`]) {
      await expect(
        commands.requestTransaction(bob.id, { value: '1', address }),
        address,
      ).rejects.toMatchObject(unfit)
      await expect(
        commands.requestAddress(bob.id, { value: '1', contract: address }),
        address,
      ).rejects.toMatchObject(unfit)
    }
    const { signature } = sent(alice)
    const others = [
      { transactionHash: '0x12', signature },
      { transactionHash: HASH, signature: signature.slice(1) },
      { transactionHash: HASH, signature: new Uint8Array(65) },
      { transactionHash: HASH, signature: Uint8Array.from([...signature.slice(0, 64), 1]) },
    ]
    for (const wrong of others)
      await expect(commands.sendTransaction({ chat: bob.id }, wrong)).rejects.toMatchObject(unfit)
    expect(() => commands.bytesToSign('0x12')).toThrow(expect.objectContaining(unfit))
    expect(await alice.messenger.chats()).toEqual([])
  })

  it('only people are asked, who are not blocked, and nothing of it is deniable or of 2019', async () => {
    const { alice, bob } = await pair(507)
    const { messenger } = alice
    await messenger.join('#status')
    const { id: group } = await messenger.groups.create('ours', [])
    const ask = (chat: string) => messenger.commands.requestAddress(chat, { value: '1' })
    for (const chat of ['#status', group, alice.id])
      await expect(ask(chat), chat).rejects.toMatchObject({ code: 'invalid-chat' })
    await messenger.setDeniable(bob.id, true)
    await expect(ask(bob.id)).rejects.toMatchObject({ code: 'invalid-security' })
    await messenger.setDeniable(bob.id, false)
    await messenger.setLegacy(bob.id, true)
    await expect(ask(bob.id)).rejects.toMatchObject({ code: 'invalid-content' })
    await messenger.setLegacy(bob.id, false)
    await messenger.addContact(bob.messenger.publicKey)
    await messenger.setSecurity(bob.messenger.publicKey, 'ratchet')
    await expect(ask(bob.id), 'his keys are not known').rejects.toMatchObject({ code: 'no-forward-secrecy' })
    await messenger.setSecurity(bob.messenger.publicKey, undefined)
    await messenger.block(bob.messenger.publicKey)
    await expect(ask(bob.id)).rejects.toMatchObject({ code: 'blocked' })
  })

  it('an answer names a request of its chat', async () => {
    const { alice, bob } = await pair(508)
    const { commands } = bob.messenger
    const text = await alice.messenger.send(bob.id, 'no command')
    await world.until(async () => (await textsOf(bob, alice.id)).length === 1, 'heard')
    await expect(commands.decline(text.id)).rejects.toMatchObject({ code: 'no-such-request' })
    for (const id of [UNKNOWN_ID, 'nonsense', ''])
      await expect(commands.decline(id as never), id).rejects.toMatchObject({ code: 'no-such-message' })
    const { id } = await alice.messenger.commands.requestTransaction(bob.id, { value: '1', address: ADDRESS })
    await untilStatus(world, bob, id, 'transaction-requested')
    await expect(commands.giveAddress(id, ADDRESS)).rejects.toMatchObject({ code: 'no-such-request' })
  })
})

describe('our own other devices', () => {
  it('have what is said on one of them, and its states, in the right chat', async () => {
    const { alice: phone, bob } = await pair(509)
    const laptop = await world.person('laptop', { account: phone.account })
    world.join(phone, laptop)
    world.join(laptop, bob)
    await world.run(200)
    for (const [one, other] of [
      [phone, laptop],
      [laptop, phone],
    ] as const) {
      await one.messenger.devices.pair()
      await world.run(1_000)
      await other.messenger.devices.setEnabled((await one.messenger.devices.info()).installationId, true)
    }
    const { id } = await phone.messenger.commands.requestAddress(bob.id, { value: '5' })
    for (const person of [laptop, bob]) await untilStatus(world, person, id, 'address-requested')
    expect(await laptop.messenger.message(id)).toMatchObject({ own: true, chat: bob.id })
    await bob.messenger.commands.giveAddress(id, ADDRESS)
    for (const person of [laptop, phone]) await untilStatus(world, person, id, 'address-given')
    const { id: answer } = await laptop.messenger.commands.sendTransaction({ request: id }, sent(laptop))
    for (const person of [phone, bob]) await untilStatus(world, person, id, 'announced')
    await world.until(() => statesOf(phone, answer).includes('delivered'), 'the phone hears that too')
    for (const person of [phone, laptop]) {
      expect(await textsOf(person, bob.id)).toHaveLength(3)
      expect(commandEvents(person)).toHaveLength(2)
      expect(person.messenger.rejected()).toEqual(new Map())
    }
  })
})
