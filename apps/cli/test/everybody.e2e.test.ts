/** Four processes and a relay: Alice's phone and laptop, Bob, Carol. What people do with it, from the first request to the last leave. */
import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import {
  type Person,
  runCli,
  startPerson,
  startRelay,
  stopAll,
  temporaryDirectory,
  until,
} from './programs.ts'

afterEach(stopAll)

describe.skipIf(!lasts)('Alice with two devices, Bob, and Carol who is killed meanwhile', () => {
  it('pair, become contacts, live in a group, answer each other, block: all see the same at every turn', {
    timeout: 300_000,
  }, async () => {
    const { enode } = await startRelay()
    const peers = [enode]
    const [phoneDir, laptopDir] = await directoriesOfOneAccount()
    const [phone, laptop, bob, early] = await Promise.all([
      startPerson({ peers, dataDir: phoneDir }),
      startPerson({ peers, dataDir: laptopDir }),
      startPerson({ peers }),
      startPerson({ peers }),
    ])
    let carol = early
    const devices = [phone, laptop]
    const everybody = () => [phone, laptop, bob, carol]
    expect(laptop.publicKey).toBe(phone.publicKey)
    for (const person of everybody())
      await until(() => person.peers.at(-1)?.state === 'up', 'a link to the relay')

    // --- the devices ---
    await pairAndEnable(phone, laptop)

    // --- contacts ---
    await bob.rpc.call['contact.request']({ publicKey: phone.publicKey, name: 'Alice' })
    for (const device of devices)
      await until(
        async () => (await askers(device)).includes(bob.publicKey),
        'both devices hear that Bob asks',
      )
    await phone.rpc.call['contact.accept']({ publicKey: bob.publicKey, name: 'Bob' })
    await until(async () => (await stateOf(bob, phone)) === 'mutual', 'Bob hears the yes')
    await until(async () => (await stateOf(laptop, bob)) === 'mutual', 'the laptop hears of the yes')

    await carol.rpc.call['contact.request']({ publicKey: phone.publicKey })
    for (const device of devices)
      await until(async () => (await askers(device)).includes(carol.publicKey), 'both hear that Carol asks')
    await laptop.rpc.call['contact.dismiss']({ publicKey: carol.publicKey })
    for (const device of devices)
      await until(async () => (await askers(device)).length === 0, 'the phone hears of the no')
    await carol.rpc.call['contact.request']({ publicKey: phone.publicKey })
    for (const device of devices) {
      await until(async () => (await rejectedBy(device))['asked-too-often'] === 1, 'she asks again, in vain')
      expect(await askers(device)).toEqual([])
    }
    expect(await stateOf(carol, phone), 'a no is never told').toBe('sent')
    await phone.rpc.call['contact.request']({ publicKey: carol.publicKey, name: 'Carol' })
    await until(async () => (await stateOf(carol, phone)) === 'mutual', 'Alice asks, and Carol had')
    for (const device of devices)
      await until(async () => (await stateOf(device, carol)) === 'mutual', 'both devices know')

    // --- the group, and what is said in it ---
    const made = await phone.rpc.call['group.create']({
      name: 'friends',
      members: [bob.publicKey, carol.publicKey],
    })
    const { group } = made
    for (const person of [bob, carol]) {
      await until(async () => (await seen(person, group))?.membership === 'invited', 'invited')
      await person.rpc.call['group.accept']({ group })
    }
    await agree(group, everybody())
    const say = async (person: Person, text: string, responseTo?: string): Promise<string> =>
      (await person.rpc.call['chat.send']({ to: group, text, ...(responseTo ? { responseTo } : {}) }))
        .messageId
    const said: string[] = []
    /** One after the other, so that all clocks, and with them the order, are known. */
    const everybodyHears = async (text: string, hearers: readonly Person[] = everybody()) => {
      said.push(text)
      for (const person of hearers)
        await until(async () => (await textsOf(person, group)).includes(text), `all have "${text}"`)
    }
    const question = await say(bob, 'where do we meet?')
    await everybodyHears('where do we meet?')
    const answer = await say(laptop, 'at the bridge', question)
    await everybodyHears('at the bridge')
    for (const person of everybody())
      expect(await quotedBy(person, answer), 'everybody sees what is answered').toBe('where do we meet?')

    // --- Carol is killed; the others go on ---
    await carol.kill()
    const gone = [phone, laptop, bob]
    await phone.rpc.call['group.rename']({ group, name: 'bridge at nine' })
    await agree(group, gone)
    const missed = await say(bob, 'at nine?', answer)
    await everybodyHears('at nine?', gone)
    await phone.rpc.call['group.promote']({ group, members: [bob.publicKey] })
    await agree(group, gone)
    await bob.rpc.call['group.rename']({ group, name: 'bridge at ten' })
    await agree(group, gone)
    await say(phone, 'at ten', missed)
    await everybodyHears('at ten', gone)
    const letter = await laptop.rpc.call['chat.send']({ to: carol.publicKey, text: 'do you come, Carol?' })

    carol = await startPerson({ peers, dataDir: carol.dataDir })
    await agree(group, everybody())
    for (const text of said)
      await until(async () => (await textsOf(carol, group)).includes(text), `Carol finds "${text}"`)
    await until(async () => (await textsOf(carol, phone.publicKey)).length === 1, 'Carol finds the letter')
    expect((await seen(carol, group))?.name).toBe('bridge at ten')
    expect(await rolesIn(carol, group)).toEqual({
      [phone.publicKey]: 'admin',
      [bob.publicKey]: 'admin',
      [carol.publicKey]: 'member',
    })
    expect(await quotedBy(carol, missed)).toBe('at the bridge')
    const late = await say(carol, 'nine is too early', missed)
    await everybodyHears('nine is too early')
    for (const person of everybody()) {
      expect(await quotedBy(person, late), 'a reply to what was said while she was away').toBe('at nine?')
      expect(await textsOf(person, group), 'everybody has everything in the same order').toEqual(said)
    }
    const coming = await carol.rpc.call['chat.send']({
      to: phone.publicKey,
      text: 'yes',
      responseTo: letter.messageId,
    })
    for (const device of devices) {
      await until(async () => (await textsOf(device, carol.publicKey)).length === 2, 'both read her answer')
      expect(await quotedBy(device, coming.messageId)).toBe('do you come, Carol?')
      const { message } = await device.rpc.call['message.get']({ messageId: letter.messageId })
      expect(message).toMatchObject({ own: true, delivery: 'delivered' })
    }

    // --- block: in private and in the group ---
    await phone.rpc.call['contact.block']({ publicKey: carol.publicKey })
    for (const device of devices)
      await until(async () => (await stateOf(device, carol)) === 'blocked', 'the laptop hears of the block')
    const unheard = await carol.rpc.call['chat.send']({ to: phone.publicKey, text: 'why so silent?' })
    await say(carol, 'is Alice here?')
    await until(
      async () => (await textsOf(bob, group)).includes('is Alice here?'),
      'Bob hears her in the group',
    )
    for (const device of devices)
      await until(async () => ((await rejectedBy(device)).blocked ?? 0) > 0, 'her words are put aside')
    const toBob = await say(phone, 'I only hear you, Bob')
    await until(async () => (await textsOf(bob, group)).includes('I only hear you, Bob'), 'Bob hears Alice')
    await until(
      async () =>
        (await phone.rpc.call['message.get']({ messageId: toBob })).message.delivery === 'delivered',
      'all have it who should',
    )
    await say(bob, 'she does not hear you')
    for (const person of everybody())
      await until(
        async () => (await textsOf(person, group)).includes('she does not hear you'),
        'all hear Bob',
      )
    for (const device of devices) {
      expect(await textsOf(device, group), 'nor is shown what she said before').toEqual([
        ...said.filter((text) => text !== 'nine is too early'),
        'I only hear you, Bob',
        'she does not hear you',
      ])
      expect(await textsOf(device, carol.publicKey)).toEqual(['do you come, Carol?'])
    }
    expect(await textsOf(carol, group), 'whom Alice blocked does not hear her').toEqual([
      ...said,
      'is Alice here?',
      'she does not hear you',
    ])
    const { message } = await carol.rpc.call['message.get']({ messageId: unheard.messageId })
    expect(message.delivery, 'and is not told').not.toBe('delivered')
    await expect(laptop.rpc.call['chat.send']({ to: carol.publicKey, text: 'no' })).rejects.toThrow(/block/)

    await laptop.rpc.call['contact.unblock']({ publicKey: carol.publicKey })
    for (const device of devices)
      await until(async () => (await stateOf(device, carol)) === 'none', 'the phone hears of the unblock')
    await carol.rpc.call['chat.send']({ to: phone.publicKey, text: 'hello again' })
    await say(carol, 'hello again, all')
    for (const device of devices) {
      await until(
        async () => (await textsOf(device, carol.publicKey)).includes('hello again'),
        'heard in private',
      )
      await until(async () => (await textsOf(device, group)).includes('hello again, all'), 'and in the group')
    }
    for (const device of devices)
      expect(await textsOf(device, group), 'what she said before is back').toContain('nine is too early')
    await say(phone, 'hello Carol')
    await until(async () => (await textsOf(carol, group)).includes('hello Carol'), 'she hears Alice again')

    // --- removed, and gone ---
    await bob.rpc.call['group.kick']({ group, member: carol.publicKey })
    await until(async () => (await seen(carol, group))?.membership === 'left', 'Carol is removed')
    await expect(say(carol, 'why?')).rejects.toThrow(/not in this group/)
    await agree(group, gone)
    await bob.rpc.call['group.leave']({ group })
    for (const device of devices)
      await until(async () => Object.keys(await rolesIn(device, group)).length === 1, 'Bob is gone for Alice')
    await agree(group, gone)
    await say(laptop, 'so I am alone')
    await until(
      async () => (await textsOf(phone, group)).includes('so I am alone'),
      'her other device has it',
    )
    expect(await textsOf(bob, group)).not.toContain('so I am alone')

    // --- one person, one history ---
    for (const chat of [group, bob.publicKey, carol.publicKey])
      expect(await textsOf(laptop, chat)).toEqual(await textsOf(phone, chat))
    const expected = new Set(['repeated', 'blocked', 'asked-too-often'])
    for (const person of everybody())
      expect(Object.keys(await rejectedBy(person)).filter((reason) => !expected.has(reason))).toEqual([])
  })
})

async function directoriesOfOneAccount(): Promise<[string, string]> {
  const [one, other] = [temporaryDirectory(), temporaryDirectory()]
  const { stdout } = await runCli(['account', 'create', '--json', '--data-dir', one])
  const { mnemonic } = JSON.parse(stdout) as { mnemonic: string }
  const { code, stderr } = await runCli(['account', 'import', '--data-dir', other], { input: mnemonic })
  expect(code, stderr).toBe(0)
  return [one, other]
}

async function pairAndEnable(phone: Person, laptop: Person): Promise<void> {
  await phone.rpc.call['device.setName']({ name: 'phone', deviceType: 'android' })
  await laptop.rpc.call['device.setName']({ name: 'laptop', deviceType: 'desktop' })
  await Promise.all([phone, laptop].map((device) => device.rpc.call['device.pair']({})))
  const other = async (device: Person) =>
    (await device.rpc.call['device.list']({})).devices.find(({ isThis, name }) => !isThis && name)
  for (const device of [phone, laptop]) {
    await until(async () => (await other(device)) !== undefined, 'the devices know each other')
    const found = await other(device)
    expect(found?.enabled).toBe(false)
    await device.rpc.call['device.enable']({ installationId: found?.installationId as string })
  }
}

const askers = async (person: Person) =>
  (await person.rpc.call['contact.requests']({})).people.map(({ publicKey }) => publicKey)

/** Where somebody stands with another: `none` where they are not remembered. */
async function stateOf(person: Person, other: Person): Promise<string> {
  const { contacts } = await person.rpc.call['contact.list']({})
  const { people } = await person.rpc.call['contact.blocked']({})
  return [...people, ...contacts].find(({ publicKey }) => publicKey === other.publicKey)?.state ?? 'none'
}

async function seen(person: Person, id: string) {
  const { groups } = await person.rpc.call['group.list']({})
  return groups.find(({ group }) => group === id)
}

async function agree(id: string, persons: readonly Person[]): Promise<void> {
  const views = () => Promise.all(persons.map(async (person) => (await seen(person, id))?.view))
  await until(async () => new Set(await views()).size === 1, 'all see the same group')
}

async function rolesIn(person: Person, id: string): Promise<Record<string, string>> {
  const { members = [] } = (await seen(person, id)) ?? {}
  return Object.fromEntries(members.map(({ publicKey, role }) => [publicKey, role]))
}

const textsOf = async (person: Person, chat: string) =>
  (await person.rpc.call['chat.messages']({ chat })).messages.map(({ text }) => text)

/** The text that a message answers, as this person has it. */
async function quotedBy(person: Person, messageId: string): Promise<string | undefined> {
  const { message } = await person.rpc.call['message.get']({ messageId })
  if (message.responseTo === undefined) return undefined
  return (await person.rpc.call['message.get']({ messageId: message.responseTo })).message.text
}

const rejectedBy = async (person: Person) => (await person.rpc.call['stats.rejected']({})).rejected
