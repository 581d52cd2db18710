import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { afterEach, describe, expect, it } from 'vitest'
import { CLI_MAIN, startRelay, stopAll, temporaryDirectory, until } from './programs.ts'

const terminals: ChildProcessWithoutNullStreams[] = []
afterEach(async () => {
  for (const terminal of terminals.splice(0)) terminal.kill('SIGKILL')
  await stopAll()
})

/** util-linux's `script` gives a program a pseudo-terminal. */
const hasScript = spawnSync('script', ['--version']).status === 0

const openTerminal = (enode: string) => open(['chat', '#status', '--peer', enode])

function open(args: readonly string[]) {
  const command = [process.execPath, ...CLI_MAIN, ...args, '--data-dir', temporaryDirectory()]
  const terminal = spawn('script', ['-qefc', command.map((part) => `'${part}'`).join(' '), '/dev/null'])
  terminals.push(terminal)
  const seen = { text: '' }
  terminal.stdout.on('data', (piece: Buffer) => {
    seen.text += piece.toString()
  })
  const ended = new Promise<number | null>((resolve) => terminal.once('close', resolve))
  return { seen, ended, type: (line: string) => void terminal.stdin.write(`${line}\r`) }
}

describe.skipIf(!hasScript)('status account import in a pseudo-terminal', () => {
  it('takes the words that are typed', async () => {
    const { seen, type, ended } = open(['account', 'import'])
    await until(() => seen.text.includes('Type the words'), 'the prompt')
    type(`${'abandon '.repeat(11)}about`)
    type('\u0004')
    expect(await ended).toBe(0)
    expect(seen.text).toContain('Public key  0x04')
  })
})

describe.skipIf(!hasScript)('status chat in two pseudo-terminals', () => {
  it('text typed in one is read in the other', async () => {
    const relay = await startRelay()
    const [alice, bob] = [openTerminal(relay.enode), openTerminal(relay.enode)]
    for (const { seen } of [alice, bob]) {
      await until(() => /You are \w+ \w+ \w+/.test(seen.text), 'the greeting')
      await until(() => seen.text.includes('connected to'), 'the link')
    }
    alice.type('Hello from Alice')
    await until(() => /#status [A-Z][\w ]+: Hello from Alice/.test(bob.seen.text), "Alice's line at Bob's")
    bob.type('Hello back')
    await until(() => /#status [A-Z][\w ]+: Hello back/.test(alice.seen.text), "Bob's line at Alice's")

    bob.type('/me')
    await until(() => /0x04[0-9a-f]{128}/.test(bob.seen.text), "Bob's key")
    const key = /0x04[0-9a-f]{128}/.exec(bob.seen.text)?.[0] as string
    alice.type(`/to ${key}`)
    alice.type('only for you')
    await until(
      () => /\u{1f513} \(private\) [A-Z][\w ]+: only for you/u.test(bob.seen.text),
      'the private line, without forward secrecy yet',
    )
    await until(() => /\u2713 .* delivered to [A-Z][\w ]+: only for you/u.test(alice.seen.text), 'the tick')

    alice.type(`/add ${key} Bob`)
    await until(() => /Bob is in your contacts: [A-Z]\w+ \w+ \w+/.test(alice.seen.text), 'the contact')
    alice.type('/contacts')
    await until(
      () => /Bob {2}remembered {2}[A-Z]\w+ \w+ \w+ {2}zQ3s\w+/.test(alice.seen.text),
      'the contact in the list',
    )
    alice.type('/to #status')
    alice.type('/to bob')
    await until(() => alice.seen.text.includes('Bob> '), 'the prompt with the name')
    alice.type('by name')
    await until(() => alice.seen.text.includes('delivered to Bob: by name'), 'the tick with the name')
    await until(() => bob.seen.text.includes(': by name'), 'the second private line')

    alice.type('/security strong')
    await until(() => alice.seen.text.includes('expected ratchet, dh, whisper'), 'what there is')
    alice.type('/security dh')
    await until(() => alice.seen.text.includes('to Bob has no forward secrecy (dh)'), 'the choice')
    alice.type('for any device')
    await until(
      () => /\u{1f513} \(private\) [A-Z][\w ]+: for any device.*downgraded/u.test(bob.seen.text),
      'what is weaker than before, marked',
    )
    await until(() => /\u2713 \u{1f513} delivered to Bob: for any device/u.test(alice.seen.text), 'the tick')
    alice.type('/remove Bob')
    await until(() => alice.seen.text.includes('Bob is no contact any more'), 'the farewell')
    alice.type('/quit')
    expect(await alice.ended).toBe(0)
    bob.type('\u0003')
    expect(await bob.ended).toBe(0)
  })
})
