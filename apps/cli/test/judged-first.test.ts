import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createAccount, loadAccount, makeDirectory } from '../src/account-store.ts'
import { checkDevices } from '../src/commands/devices.ts'
import { checkSearch } from '../src/commands/search.ts'
import { ago, page, positive, seconds, seq } from '../src/flag-values.ts'
import { dataDirFlag, settingsFrom } from '../src/settings.ts'
import { standardInput } from '../src/standard-input.ts'

const directory = mkdtempSync(join(tmpdir(), 'status-judged-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('values of flags', () => {
  it.each<[(text: string) => unknown, readonly string[], readonly string[]]>([
    [seconds, ['1', '0.5', '3600'], ['', ' ', '0', '-1', '3601', 'abc', 'NaN', '1s']],
    [ago, ['90m', '30d'], ['', '7', '31d', '0m', '-1d']],
    [seq, ['0', '9223372036854775807'], ['', '-1', '1.5', 'x', '1'.repeat(20)]],
    [positive, ['1', '999999999'], ['', '0', '-1', '1.5', '1e3', '0x10', '9'.repeat(400)]],
    [page, ['1', '1000'], ['', '0', '1001', '1e2', '99999']],
  ])('%o', (read, right, wrong) => {
    for (const text of right) expect(read(text)).toBeDefined()
    for (const text of wrong) expect(() => read(text), text).toThrow(/^expected /)
  })
})

describe('status search', () => {
  it.each(['', '   ', '!!!', '\u202e'])('%j is nothing to look for', (text) => {
    expect(() => checkSearch({ text })).toThrow(/^search: expected words to look for, got "/)
  })

  it.each([
    [{ chat: '#No' }, /a public chat is "#"/],
    [{ chat: '' }, /^name somebody/],
    [{ since: 'soon' }, /^--since: expected a date/],
    [{ since: '2026-02-02', until: '2026-02-02' }, /^--until: expected a time after/],
    [{ before: '0x12' }, /^--before: expected the id of a message/],
  ])('%j', (flags, says) => {
    expect(() => checkSearch({ text: 'words', ...flags })).toThrow(says)
  })
})

it('status devices: the empty beginning of an id is that of every device', () => {
  expect(() => checkDevices({ enable: '' })).toThrow(/^--enable: expected the id of another device/)
  expect(() => checkDevices({ disable: '' })).toThrow(/^--disable: expected the id of another device/)
  expect(checkDevices({ enable: '3f' })).toBeUndefined()
})

describe('standard input', () => {
  const of = async (...pieces: readonly Uint8Array[]): Promise<string> =>
    standardInput(
      '',
      (async function* () {
        yield* pieces
      })(),
    )

  it('is text, also where a character comes in two pieces', async () => {
    expect(await of(Uint8Array.of(0x61, 0xc3), Uint8Array.of(0xa4, 0x0a))).toBe('a\u00e4\n')
    expect(await of()).toBe('')
    const endless = Array.from({ length: 100 }, () => new TextEncoder().encode('\u00e4'.repeat(9_999)))
    expect((await of(...endless)).length).toBeLessThan(600_000)
  })

  it('is refused where it is something else', async () => {
    await expect(of(Uint8Array.of(0xff, 0xfe))).rejects.toThrow(/^standard input: expected text \(UTF-8\)/)
    await expect(of(Uint8Array.of(0xc3))).rejects.toThrow(/^standard input: expected text/)
  })
})

describe('the data directory', () => {
  it('is told as it is typed, where it is not the one that needs no naming', () => {
    const env = { XDG_DATA_HOME: '/x' }
    if (process.platform !== 'win32') expect(dataDirFlag('/x/status', env)).toBe('')
    expect(dataDirFlag('/tmp/alice', env)).toBe(' --data-dir /tmp/alice')
    expect(dataDirFlag("/tmp/it's mine", env)).toBe(` --data-dir '/tmp/it'\\''s mine'`)
  })

  it('that has no account, or is none', async () => {
    await expect(loadAccount({ dataDir: directory })).rejects.toThrow(
      `there is no account in ${directory}; make one with: status account create --data-dir ${directory}`,
    )
    const file = join(directory, 'file')
    writeFileSync(file, '')
    const said = `${file} is no directory; name one with --data-dir`
    await expect(loadAccount({ dataDir: file })).rejects.toThrow(said)
    expect(() => makeDirectory(file)).toThrow(said)
  })

  // root may write everywhere
  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('that others have', async () => {
    const closed = join(directory, 'closed')
    mkdirSync(closed, { mode: 0o500 })
    await expect(createAccount({ dataDir: closed, cost: { N: 1024, r: 8, p: 1 } }, 12)).rejects.toThrow(
      /account\.json cannot be written \(EACCES: permission denied\); choose another place with --data-dir$/,
    )
  })

  it('and the node cannot be nothing', () => {
    expect(() => settingsFrom({ dataDir: '' })).toThrow(/^--data-dir: expected a directory/)
    expect(() => settingsFrom({ whisper: '' })).toThrow(/^--whisper: expected ws:/)
  })
})
