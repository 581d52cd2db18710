import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import { runCli, runUnread, startPerson, startRelay, stopAll, temporaryDirectory, until } from './programs.ts'

afterEach(stopAll)

describe.skipIf(!lasts)('status messages and status contacts', () => {
  it('show what is stored, page by page, without a network', async () => {
    const relay = await startRelay()
    const [alice, bob] = await Promise.all([
      startPerson({ peers: [relay.enode] }),
      startPerson({ peers: [relay.enode] }),
    ])
    await alice.rpc.call['contact.add']({ publicKey: bob.publicKey, name: 'Bob' })
    for (const text of ['one', 'two', 'three']) await alice.rpc.call['chat.send']({ to: bob.publicKey, text })
    await until(
      () => alice.deliveries.filter((d) => d.state === 'delivered').length === 3,
      'all are delivered',
    )
    const place = ['--data-dir', alice.dataDir]

    const locked = await runCli(['messages', 'Bob', ...place])
    expect(locked.code, 'while another process owns the directory').toBe(3)
    expect(locked.stderr.trim().split('\n')).toHaveLength(1)
    await alice.stop()

    const page = await runCli(['messages', bob.publicKey, '--limit', '2', ...place])
    expect(page.code).toBe(0)
    expect(
      page.stdout
        .trim()
        .split('\n')
        .map((line) => line.replace(/^.*You: /, '')),
    ).toEqual(['two', 'three'])
    const [, before = ''] = /--before (0x[0-9a-f]{64})/.exec(page.stderr) ?? []
    const older = await runCli(['messages', 'bob', '--limit', '2', '--before', before, '--json', ...place])
    const lines = older.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(lines).toMatchObject([{ text: 'one', own: true, delivery: 'delivered', chat: bob.publicKey }])

    const found = await runCli(['search', 'TW "', '--chat', 'bob', '--since', '2020-01-01', ...place])
    expect(found.stdout).toMatch(/You: two\n$/)
    const exported = await runCli(['export', '--chat', 'Bob', ...place])
    const texts = exported.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { text: string }).text)
    expect(texts).toEqual(['one', 'two', 'three'])

    const contacts = await runCli(['contacts', ...place])
    expect(contacts.stdout, 'his acknowledgements had forward secrecy').toMatch(
      /^Bob {2}remembered {2}[A-Z]\w+ \w+ \w+ {2}zQ3s\w+ {2}\u{1f512}\n$/u,
    )
    const chosen = await runCli(['contacts', 'bob', '--security', 'dh', ...place])
    expect(chosen).toMatchObject({ code: 0, stderr: '' })
    expect(chosen.stdout).toMatch(/Bob has no forward secrecy \(dh\)/)
    expect((await runCli(['contacts', ...place])).stdout).toMatch(/\(you write with dh\)\n$/)
    const send = ['send', '--to', bob.publicKey, '--peer', relay.enode, ...place]
    expect((await runCli([...send, 'four'])).code).toBe(0)
    expect((await runCli([...send, '--security', 'ratchet', 'five'])).code).toBe(0)
    const asJson = await runCli(['contacts', 'Bob', '--security', 'default', '--json', ...place])
    expect(JSON.parse(asJson.stdout)).toMatchObject({ publicKey: bob.publicKey, name: 'Bob' })
    const byName = send.with(2, 'bob')
    expect((await runCli([...byName, '--security', 'whisper', 'six'])).code).toBe(0)
    await until(() => bob.messages.length === 6, 'all six')
    const heard = bob.messages.map(({ text, security }) => `${text} ${security}`)
    expect(heard).toContain('four dh')
    expect(heard).toContain('five ratchet')
    expect(heard).toContain('six whisper')

    expect(await runUnread(['export', '--chat', 'Bob', ...place])).toEqual({ code: 0, stderr: '' })

    expect((await runCli(['contacts', 'Bob', '--remove', ...place])).stdout).toBe(
      'Bob is no contact any more\n',
    )
    const gone = await runCli(['contacts', bob.publicKey, '--security', 'dh', ...place])
    expect(gone).toMatchObject({ code: 2, stdout: '' })
    expect(gone.stderr).toMatch(/^status: this person is not among the contacts.*\n$/)
  }, 300_000) // some fifteen programs, one after the other: each has the directory to itself

  it('explain what is not there', async () => {
    const place = ['--data-dir', temporaryDirectory()]
    expect(await runCli(['contacts', ...place])).toMatchObject({ code: 3, stdout: '' })
    await runCli(['account', 'create', ...place])
    expect(await runCli(['contacts', ...place])).toMatchObject({ code: 0, stdout: 'No contacts yet.\n' })
    const nobody = await runCli(['messages', 'nobody', ...place])
    expect(nobody).toMatchObject({ code: 2, stdout: '' })
    expect(nobody.stderr).toMatch(/^status: nobody you know and no group is called "nobody": contacts .*\n$/)
    const notJoined = await runCli(['messages', '#nowhere', ...place])
    expect(notJoined.code).toBe(2)
    expect(notJoined.stderr).toMatch(/^status: join #nowhere.*\n$/)
  })
})
