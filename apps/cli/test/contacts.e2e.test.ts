/** `status contacts` and `status chats` as a person types them, and the same in a chat. */
import { spawn } from 'node:child_process'
import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import { CLI_MAIN, runCli, startPerson, startRelay, stopAll, temporaryDirectory, until } from './programs.ts'

afterEach(stopAll)

describe.skipIf(!lasts)('status contacts and status chats', () => {
  it('ask, block, mute and put away; who is told hears of it, and what to do next is said', async () => {
    const relay = await startRelay()
    const alice = await startPerson({ peers: [relay.enode] })
    const place = ['--data-dir', temporaryDirectory()]
    const peer = ['--peer', relay.enode]
    expect(await runCli(['contacts', 'block', alice.publicKey, ...place]), 'makes no account').toMatchObject({
      code: 3,
    })
    await runCli(['account', 'create', ...place])

    // Nobody to tell it to: it is done, and told later.
    const late = await runCli(['contacts', 'request', alice.publicKey, 'Big', 'Alice', ...place])
    expect(late).toMatchObject({ code: 5, stdout: 'Big Alice is asked\n' })
    expect(late.stderr).toMatch(/no peer was given .*--peer.*they are told the next time/)
    const asked = await runCli(['contacts', 'request', 'big alice', ...peer, ...place])
    expect(asked).toMatchObject({ code: 0, stdout: 'Big Alice is asked\n', stderr: '' })
    const requests = async () => (await alice.rpc.call['contact.requests']({})).people
    await until(async () => (await requests()).length === 1, 'Alice is asked')
    expect((await runCli(['contacts', ...place])).stdout).toMatch(
      /^Big Alice {2}asked, no answer yet {2}\w+ \w+ \w+ {2}zQ3s/,
    )

    const terminal = spawn(process.execPath, [...CLI_MAIN, 'chat', 'Big Alice', ...peer, ...place])
    const seen = { text: '' }
    terminal.stdout.on('data', (piece: Buffer) => {
      seen.text += piece.toString()
    })
    const ended = new Promise((resolve) => terminal.once('close', resolve))
    const type = async (line: string, shows: RegExp) => {
      terminal.stdin.write(`${line}\n`)
      await until(() => shows.test(seen.text), `${line}: ${shows} in ${seen.text}`)
    }
    await type('/deniable maybe', /expected on or off, got "maybe"/)
    await type('/deniable on', /-- what you write to Big Alice is signed by nobody/)
    await type('between us', /would not read it.*wait until they have answered/)
    await type('/mute', /-- Big Alice is muted/)
    await type('/group create "Big Walk"', /Big Walk [0-9a-f]{8}-/)
    await type('/archive "Big Walk"', /-- Big Walk is archived/)
    await type('/contacts-only on', /-- in private you hear contacts/)
    await type('/block Big Alice', /-- Big Alice is blocked/)
    await type('/unblock Big Alice', /-- Big Alice is not blocked any more/)
    await type('/decline Big Alice', /has not asked, or was answered already/)
    await type('/chats', /Big Alice {2}zQ3s\w{3}\.\.\.\w{6} {2}muted, deniable\n/)
    await type('/join #builds', /./)
    await type('/leave #builds', /-- you left #builds/)
    await type('/quit', /./)
    await ended

    const lines = (await runCli(['chats', ...place])).stdout.trimEnd().split('\n').sort()
    expect(lines).toEqual([
      expect.stringMatching(/^Big Alice {2}zQ3s\w{3}\.\.\.\w{6} {2}muted, deniable$/),
      expect.stringMatching(/^Big Walk {3}[0-9a-f]{8} {10}1 member, archived$/),
    ])
    const unmuted = await runCli(['chats', 'unmute', 'Big Alice', '--json', ...place])
    expect(JSON.parse(unmuted.stdout)).toMatchObject({ chat: alice.publicKey, muted: false, deniable: true })
  })
})
