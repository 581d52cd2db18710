import { CodedError } from '@status-protocol/bytes'
import { describe, expect, it } from 'vitest'
import { LOG_RATE, logTo } from '../src/log.ts'
import { parseLogLevels } from '../src/log-levels.ts'

function logged(levels: string, nowMs: () => number = () => 0) {
  const lines: Record<string, unknown>[] = []
  const parsed = parseLogLevels(levels)
  if (typeof parsed === 'string') throw new Error(parsed)
  const log = logTo({ write: (line) => void lines.push(JSON.parse(line)) }, parsed, nowMs)
  return { log, lines }
}

describe('--log-level', () => {
  it('is a level, or levels of modules, or both', () => {
    expect(parseLogLevels('warn')).toEqual({ level: 'warn', modules: {} })
    expect(parseLogLevels('p2p=debug')).toEqual({ level: 'info', modules: { p2p: 'debug' } })
    expect(parseLogLevels('error, whisper=trace,p2p=silent')).toEqual({
      level: 'error',
      modules: { whisper: 'trace', p2p: 'silent' },
    })
  })

  it.each([
    ['loud', /expected one of silent, .*got "loud"/],
    ['p2p=loud', /expected one of .*got "loud"/],
    ['p2p', /expected one of .*got "p2p"/],
    ['peers=debug', /no module "peers"; there are node, p2p, whisper/],
    ['', /expected one of/],
    ['info,', /expected one of/],
  ])('%j is explained', (text, sentence) => {
    expect(parseLogLevels(text)).toMatch(sentence)
  })
})

describe('the log', () => {
  it('names its module once in a line: some programs refuse what is said twice', () => {
    const lines: string[] = []
    const log = logTo({ write: (line) => void lines.push(line) }, { level: 'info', modules: {} })
    log.info('own')
    log.child({ module: 'rpc' }).info('of a part')
    log.child({ module: 'p2p' }).child({ peer: '12' }).info('of a part of it')
    log.child({ peer: '12' }).info('of no part')
    expect(lines.map((line) => line.match(/"module":"\w+"/g))).toEqual(
      ['node', 'rpc', 'p2p', 'node'].map((name) => [`"module":"${name}"`]),
    )
  })

  it('has a level for each module', () => {
    const { log, lines } = logged('warn,p2p=debug,whisper=silent')
    for (const module of ['p2p', 'whisper', 'rpc']) {
      const child = log.child({ module })
      for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) child[level](`${level}`)
    }
    log.info('of the node')
    const seen = lines.map(({ module, msg }) => `${module} ${msg}`)
    expect(seen).toEqual(['p2p debug', 'p2p info', 'p2p warn', 'p2p error', 'rpc warn', 'rpc error'])
  })

  it('never holds bytes, nor what stands under the name of a secret', () => {
    const { log, lines } = logged('info')
    const secret = 'hunter2hunter2'
    const bytes = new TextEncoder().encode(secret)
    log.info({ password: secret, nodeKey: secret, token: secret, at: { symKey: secret, id: bytes } }, 'x')
    log.info({ list: [{ privateKey: secret }], raw: bytes, big: 12n }, 'y')
    log.error({ err: new CodedError('a-code', 'a message', { key: secret, bytes }) }, 'z')
    log.error(Object.assign(new Error('plain'), { request: { body: secret } }))
    const text = JSON.stringify(lines)
    expect(text).not.toContain(secret)
    expect(text).not.toContain(Buffer.from(bytes).toString('hex'))
    expect(text).not.toContain(String(bytes[0]).concat(',', String(bytes[1])))
    expect(lines[0]).toMatchObject({ at: { id: '[14 bytes]', symKey: '[secret]' } })
    expect(lines[1]).toMatchObject({ big: '12' })
    expect(lines[2]).toMatchObject({ err: { type: 'CodedError', code: 'a-code', message: 'a message' } })
    expect(lines[3]).toMatchObject({ err: { message: 'plain' } })
  })

  it('holds foreign text cut and without what steers a terminal', () => {
    const { log, lines } = logged('info')
    log.info({ client: `\u001b[31mred\u009b2J\u202e${'x'.repeat(5000)}` }, 'hello')
    const client = String(lines[0]?.client)
    expect(client).toHaveLength(512 + 3)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(client).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
  })

  it('writes one message at most so often, whatever its fields, and says how many it left out', () => {
    let now = 0
    const { log, lines } = logged('debug', () => now)
    const p2p = log.child({ module: 'p2p' })
    for (let i = 0; i < 10_000; i++) p2p.debug({ ip: `10.0.${i >> 8}.${i & 255}` }, 'link-up')
    expect(lines).toHaveLength(LOG_RATE.burst)
    p2p.warn('another message')
    expect(lines).toHaveLength(LOG_RATE.burst + 1)
    now = 1000
    for (let i = 0; i < 10_000; i++) p2p.debug('link-up')
    const later = lines.slice(LOG_RATE.burst + 1)
    expect(later).toHaveLength(LOG_RATE.perSecond)
    expect(later[0]).toMatchObject({ suppressed: 10_000 - LOG_RATE.burst, msg: 'link-up', module: 'p2p' })
    expect(later[1]).not.toHaveProperty('suppressed')
  })
})
