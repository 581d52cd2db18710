import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toHex } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import { freePort, runCli, runNode, startRelay, stopAll, temporaryDirectory } from './programs.ts'

afterEach(stopAll)

/** An enode that nobody answers at. */
async function unusedEnode(): Promise<string> {
  const key = defaultProvider.publicKey(generatePrivateKey(defaultProvider, systemRandom))
  return `enode://${toHex(key.subarray(1))}@127.0.0.1:${await freePort()}`
}

/** One line that says what is wrong, no stack, an exit code that is not 0. */
function expectOneLine(
  result: { code: number | null; stdout: string; stderr: string },
  code: number,
  says: RegExp,
) {
  const lines = result.stderr.trim().split('\n')
  expect(lines.join('\n')).toMatch(says)
  expect(lines).toHaveLength(1)
  expect(result.stderr).not.toMatch(/^\s+at /m)
  expect(result.code).toBe(code)
}

describe('status: bad input', () => {
  it.each([
    ['a malformed enode', ['listen', '#x', '--peer', 'enode://zz@127.0.0.1:1'], 2, /--peer: .*expected/],
    ['a chat that is none', ['send', '--to', '#Not A Chat', 'hi'], 2, /a public chat is "#"/],
    ['a key that is none', ['send', '--to', '0x04abcd', 'hi'], 2, /a chat is "#name", a public key/],
    [
      'an export that is not there',
      ['account', 'import', 'no-such.statusex'],
      3,
      /no-such\.statusex cannot be read or written \(ENOENT: no such file or directory\)/,
    ],
    ['history of nobody', ['history', '--since', '7d'], 2, /name a mailserver with --mailserver/],
    [
      'history of more than is kept',
      ['history', '--since', '31d', '--mailserver', 'enode://...'],
      2,
      /--since .*at most 30d/,
    ],
    ['an empty text', ['send', '--to', '#x', '   '], 2, /some text/],
    [
      'a security that is none',
      ['send', '--to', '#x', '--security', 'strong', 'hi'],
      2,
      /--security: expected ratchet, dh, whisper, default/,
    ],
    [
      'a contact, and nothing to do about them',
      ['contacts', 'Bob'],
      2,
      /contacts: expected list, add, .*only, got "Bob"/,
    ],
    [
      'a security for nobody',
      ['contacts', '--security', 'dh'],
      2,
      /name one person with --security or --remove/,
    ],
    ['an unknown flag', ['chat', '--peeer', 'x'], 2, /unknown option '--peeer'/],
    ['an unknown command', ['chatt'], 2, /unknown command 'chatt'/],
    ['a wrong number of words', ['account', 'create', '--words', '13'], 2, /--words: expected 12/],
    ['no account', ['account', 'show'], 3, /no account in .*status account create/],
    [
      'a password file that is not there',
      ['account', 'create', '--password-file', '/nope/pw'],
      2,
      /password file \/nope\/pw/,
    ],
  ])('%s', async (_what, args, code, says) => {
    expectOneLine(await runCli([...args, '--data-dir', temporaryDirectory()]), code, says)
  })

  it('is judged before there is an account, and told to scripts as JSON', async () => {
    const dataDir = join(temporaryDirectory(), 'new')
    const wrong: [args: string[], says: RegExp][] = [
      [['group', 'frob'], /^group: expected list, .*got "frob"/],
      [['send', '--to', '', 'hi'], /^name somebody/],
      [['devices', '--enable', ''], /^--enable: expected the id/],
      [['chats', 'mute'], /^expected: chats mute <chat or person>/],
    ]
    await Promise.all(
      wrong.map(async ([args, says]) => {
        const { code, stderr, stdout } = await runCli([...args, '--json', '--data-dir', dataDir])
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
        expect(JSON.parse(stderr)).toEqual({
          error: { code: 'invalid-argument', message: expect.stringMatching(says) },
        })
      }),
    )
    expect(existsSync(dataDir)).toBe(false)
  })

  it('no directory', async () => {
    expectOneLine(
      await runCli(['account', 'show', '--data-dir', '']),
      2,
      /--data-dir: expected a directory, got nothing/,
    )
  })

  it('a mnemonic with a wrong word', async () => {
    const words =
      'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abuot'
    const result = await runCli(['account', 'import', '--data-dir', temporaryDirectory()], { input: words })
    expectOneLine(result, 2, /about|abuot|word/)
  })

  it('a wrong password, a damaged account, an account that is there already', async () => {
    const dataDir = temporaryDirectory()
    const [right, wrong] = ['right', 'wrong'].map((name) => {
      const path = join(dataDir, name)
      writeFileSync(path, `${name}\n`)
      return path
    }) as [string, string]
    const create = ['account', 'create', '--data-dir', dataDir, '--password-file', right]
    const created = await runCli([...create, '--json'])
    expect(created.code).toBe(0)
    const { publicKey, mnemonic } = JSON.parse(created.stdout) as { publicKey: string; mnemonic: string }
    expectOneLine(await runCli(create), 3, /is there already/)
    const show = ['account', 'show', '--json', '--data-dir', dataDir]
    expectOneLine(await runCli(show), 3, /--password-file/)
    expectOneLine(await runCli([...show, '--password-file', wrong]), 3, /password does not open/)
    const shown = await runCli(show, { env: { STATUS_PASSWORD_FILE: right } })
    expect(JSON.parse(shown.stdout)).toMatchObject({ publicKey, protected: true })
    expect(shown.stdout).not.toContain(mnemonic)
    const elsewhere = await runCli(['account', 'import', '--json', '--data-dir', temporaryDirectory()], {
      input: mnemonic,
    })
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({ publicKey })
    writeFileSync(join(dataDir, 'account.json'), '{"version":1}')
    expectOneLine(await runCli([...show, '--password-file', right]), 3, /account file/)
  })

  it('--debug shows the stack', async () => {
    const { stderr, code } = await runCli([
      'send',
      '--to',
      '0x04abcd',
      'hi',
      '--debug',
      '--data-dir',
      temporaryDirectory(),
    ])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^\s+at /m)
  })

  it.skipIf(!lasts)('says that no peer took a message', async () => {
    const dataDir = temporaryDirectory()
    await runCli(['account', 'create', '--data-dir', dataDir])
    const send = ['send', '--to', '#x', 'hello', '--data-dir', dataDir]
    expectOneLine(await runCli(send), 5, /no peer was given/)
    const nobody = await unusedEnode()
    expectOneLine(await runCli([...send, '--timeout', '2', '--peer', nobody]), 5, /not sent: .*--peer/)
  })
})

describe('status-node: bad input', () => {
  it.each([
    ['an unknown command', ['relay'], 2, /unknown command 'relay'/],
    ['a malformed listen address', ['--listen', 'nowhere'], 2, /--listen: expected host:port/],
    ['a malformed enode', ['--peer', 'enode://12@x:1'], 2, /--peer: /],
    ['a negative PoW', ['--min-pow', '-1'], 2, /--min-pow: /],
    ['an unknown flag', ['--minpow', '1'], 2, /unknown option '--minpow'/],
    [
      'a configuration file that is not there',
      ['--config', '/nope.json'],
      2,
      /configuration file \/nope.json cannot be read/,
    ],
  ])('%s', async (_what, args, code, says) => {
    expectOneLine(await runNode([...args, '--data-dir', temporaryDirectory()]), code, says)
  })

  it('a configuration file with an unknown key, with a hint', async () => {
    const dir = temporaryDirectory()
    const file = join(dir, 'node.json')
    writeFileSync(file, '{ "minPoww": 1 }')
    expectOneLine(
      await runNode(['--config', file, '--data-dir', dir]),
      2,
      /no setting "minPoww"; did you mean minPow\?/,
    )
    writeFileSync(file, '{ oops')
    expectOneLine(await runNode(['--config', file, '--data-dir', dir]), 2, /is not JSON/)
  })

  it('a port in use', async () => {
    const relay = await startRelay()
    const args = ['--listen', `127.0.0.1:${relay.port}`, '--data-dir', temporaryDirectory()]
    expectOneLine(await runNode(args), 4, /in use/)
  })

  it('a node key that is none, a data directory that cannot be used', async () => {
    const dir = temporaryDirectory()
    writeFileSync(join(dir, 'nodekey'), 'not hex')
    const port = await freePort()
    const listen = ['--listen', `127.0.0.1:${port}`]
    expectOneLine(await runNode([...listen, '--data-dir', dir]), 3, /holds no node key/)
    writeFileSync(join(dir, 'file'), '')
    expectOneLine(await runNode([...listen, '--data-dir', join(dir, 'file')]), 3, /data directory/)
    if (process.getuid?.() !== 0) {
      mkdirSync(join(dir, 'closed'))
      chmodSync(join(dir, 'closed'), 0)
      expectOneLine(await runNode([...listen, '--data-dir', join(dir, 'closed')]), 3, /check|choose/)
    }
  })
})
