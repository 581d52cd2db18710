/** Two devices of Alice's and Bob, as processes through a relay. */
import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import { runCli, startPerson, startRelay, stopAll, temporaryDirectory, until } from './programs.ts'

afterEach(stopAll)

/** Two data directories of one account. */
async function twoDevices(): Promise<[string, string]> {
  const [one, other] = [temporaryDirectory(), temporaryDirectory()]
  const { stdout } = await runCli(['account', 'create', '--json', '--data-dir', one])
  const { mnemonic } = JSON.parse(stdout) as { mnemonic: string }
  const imported = await runCli(['account', 'import', '--data-dir', other], { input: mnemonic })
  expect(imported.code, imported.stderr).toBe(0)
  return [one, other]
}

describe.skipIf(!lasts)('two devices of one person', () => {
  it('pair, and have the same messages, chats and contacts', async () => {
    const relay = await startRelay()
    const [phoneDir, laptopDir] = await twoDevices()

    // As a person does it.
    const on = (dataDir: string, ...args: string[]) =>
      runCli(['devices', '--data-dir', dataDir, '--peer', relay.enode, ...args])
    const paired = await Promise.all([
      on(phoneDir, '--name', 'phone', '--type', 'android', '--pair', '--json'),
      on(laptopDir, '--name', 'laptop', '--pair', '--json'),
    ])
    const lists = paired.map(({ stdout, stderr, code }) => {
      expect(code, stderr).toBe(0)
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { installationId: string; name: string; isThis: boolean })
    })
    expect(lists).toMatchObject([
      [
        { name: 'phone', isThis: true },
        { name: 'laptop', enabled: false },
      ],
      [
        { name: 'laptop', isThis: true },
        { name: 'phone', deviceType: 'android', enabled: false },
      ],
    ])
    const [phoneId = '', laptopId = ''] = lists.map((list) => list[0]?.installationId)
    const enabled = await on(phoneDir, '--enable', laptopId.slice(0, 8))
    expect(enabled.stdout).toMatch(/ phone \(android\), this one\n.* laptop \(desktop\), enabled\n$/)

    // As programs do.
    const [phone, laptop, bob] = await Promise.all([
      startPerson({ peers: [relay.enode], dataDir: phoneDir }),
      startPerson({ peers: [relay.enode], dataDir: laptopDir }),
      startPerson({ peers: [relay.enode] }),
    ])
    await laptop.rpc.call['device.enable']({ installationId: phoneId })
    await phone.rpc.call['chat.join']({ chat: '#ours' })
    await phone.rpc.call['contact.add']({ publicKey: bob.publicKey, name: 'Bob' })
    expect(await phone.rpc.call['device.sync']({})).toMatchObject({ chats: 2, contacts: 1 })
    const chats = async () => (await laptop.rpc.call['chat.list']({})).chats.map(({ chat }) => chat).sort()
    const names = async () => (await laptop.rpc.call['contact.list']({})).contacts.map(({ name }) => name)
    for (let n = 0; n < 600 && (await names()).length === 0; n++) await new Promise((r) => setTimeout(r, 50))
    expect(await chats()).toEqual(['#ours', bob.publicKey].sort())
    expect(await names()).toEqual(['Bob'])

    const { messageId } = await phone.rpc.call['chat.send']({ to: bob.publicKey, text: 'from my phone' })
    await until(() => bob.messages.length === 1, 'Bob reads it')
    const isDelivered = () =>
      laptop.deliveries.some((d) => d.messageId === messageId && d.state === 'delivered')
    await until(isDelivered, 'the laptop knows that he has it')
    await bob.rpc.call['chat.send']({ to: phone.publicKey, text: 'to both of your devices' })
    await until(() => phone.messages.length === 1 && laptop.messages.length === 1, 'both read his answer')
    const texts = async (device: typeof phone) =>
      (await device.rpc.call['chat.messages']({ chat: bob.publicKey })).messages.map(({ text }) => text)
    expect(await texts(laptop)).toEqual(['from my phone', 'to both of your devices'])
    expect(await texts(phone)).toEqual(await texts(laptop))
    for (const device of [phone, laptop]) {
      // A relay still has what an earlier process has read already.
      const { repeated: _repeated, ...rejected } = (await device.rpc.call['stats.rejected']({})).rejected
      expect(rejected).toEqual({})
    }
  })
})
