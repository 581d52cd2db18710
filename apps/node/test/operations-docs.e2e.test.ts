/** docs/operations.md says what is true: its commands run, its files are read, its metrics are there. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createHost } from '@status-protocol/p2p-devp2p'
import { createWhisper } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { CONFIG, DEFAULT_METRICS, readConfig } from '../src/config.ts'
import { EXIT } from '../src/error.ts'
import { createMetrics } from '../src/operations/metrics.ts'
import { newKey } from './peers.ts'
import { NODE_MAIN, stopAll, temporaryDirectory } from './programs.ts'
import { metricNamesIn } from './promql.ts'

afterEach(stopAll)

const text = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8')

function blocks(language: string): string[] {
  return [...text.matchAll(/^```(\S+)\n([\s\S]*?)^```/gm)]
    .filter(([, found]) => found === language)
    .map(([, , code]) => code ?? '')
}

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ')
const has = (program: string) => spawnSync(program, ['--version']).status === 0

describe('docs/operations.md', () => {
  it.skipIf(process.platform === 'win32' || !has('curl'))(
    'has commands that run, one after the other',
    () => {
      const home = temporaryDirectory()
      const bin = join(home, 'bin')
      mkdirSync(bin)
      const program = join(bin, 'status-node')
      writeFileSync(program, `#!/bin/sh\nexec ${quoted([process.execPath, ...NODE_MAIN])} "$@"\n`)
      chmodSync(program, 0o700)
      const script = join(home, 'script')
      const outputs = blocks('sh').map((_code, i) => `echo "=== ${i}"`)
      const steps = blocks('sh').flatMap((code, i) => [outputs[i], code])
      // what is still running when a command fails ends with the shell
      writeFileSync(
        script,
        ["trap 'kill -KILL $(cat pid 2>/dev/null) 2>/dev/null || true' EXIT", ...steps].join('\n'),
      )
      const env = { ...process.env, HOME: home, PATH: [bin, process.env.PATH].join(delimiter) }
      const run = spawnSync('bash', ['-eu', '-o', 'pipefail', script], {
        cwd: home,
        env,
        encoding: 'utf8',
        timeout: 90_000,
      })
      const said = `${run.stdout}${run.stderr}`
      expect(run.status, said).toBe(0)
      expect(said).toMatch(/All is well|It works/)
      expect(said).toContain('{"status":"ok"}')
      expect(said).toContain('"ready":true')
      expect(said).toMatch(/^status_node_peers\{direction="inbound"\} 0$/m)
      expect(said).toMatch(/a node runs on \.\/relay: process \d+/)
    },
  )

  it('has configurations that are read, and a unit that starts with one', () => {
    const home = temporaryDirectory()
    const config = join(home, 'node.json')
    for (const json of blocks('json')) {
      writeFileSync(config, json)
      expect(readConfig({ config })).toMatchObject({ metrics: DEFAULT_METRICS, maxPeers: 100, ipc: true })
    }
    const [unit = ''] = blocks('ini')
    expect(unit).toMatch(/^ExecStart=\/usr\/bin\/env status-node --config \/etc\/status-node\.json$/m)
    expect(unit).toContain(`RestartPreventExitStatus=${EXIT.usage} ${EXIT.data} ${EXIT.listen}\n`)
    if (!has('systemd-analyze')) return
    const file = join(home, 'status-node.service')
    writeFileSync(file, unit)
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
    expect(`${verified.stdout}${verified.stderr}`).not.toContain('status-node.service')
  })

  it('has a container that starts the node', () => {
    const [dockerfile = ''] = blocks('dockerfile')
    const [, entry = ''] = /^ENTRYPOINT (.*)$/m.exec(dockerfile) ?? []
    const [program, ...args] = JSON.parse(entry) as string[]
    expect(program).toBe('status-node')
    const checked = spawnSync(process.execPath, [...NODE_MAIN, 'doctor', ...args], { encoding: 'utf8' })
    expect(checked.stderr).toBe('')
    expect(JSON.parse(checked.stdout)).toHaveProperty('checks')
    const [, health = ''] = /^HEALTHCHECK CMD (.*)$/m.exec(dockerfile) ?? []
    const [, , code] = JSON.parse(health) as string[]
    expect(code).toContain(`http://${DEFAULT_METRICS}/ready`)
  })

  it('names flags and metrics that there are', async () => {
    const known = new Set([
      ...Object.keys(CONFIG.shape).map((name) => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)),
      ...['config', 'help', 'version', 'recent', 'no-discovery', 'repair', 'since', 'from', 'to'],
    ])
    const own = text.replace(/^```[\s\S]*?^```/gm, '')
    const flags = [...own.matchAll(/`[^`]*`/g)].flatMap(([code]) => [...code.matchAll(/--([a-z][a-z-]*)/g)])
    expect(flags.length).toBeGreaterThan(15)
    expect(flags.map(([, flag]) => flag).filter((flag) => !known.has(flag ?? ''))).toEqual([])

    const whisper = createWhisper()
    const host = await createHost({ nodeKey: newKey(), subprotocols: [whisper.subprotocol] })
    const metrics = createMetrics({
      version: '0',
      whisper: () => whisper.stats(),
      clock: () => whisper.clock(),
      host: () => host.stats(),
      peers: () => ({ inbound: 0, outbound: 0 }),
      filteredBytes: () => 0,
      traced: () => undefined,
      search: () => undefined,
      mail: async () => undefined,
    })
    await host.close()
    const named = [...text.matchAll(/\b(?:status_node|nodejs|process)_[a-z0-9_]*[a-z0-9]\b/g)].map(
      ([name]) => name,
    )
    const alerts = blocks('yaml').flatMap((yaml) =>
      [...yaml.matchAll(/expr: (.*)/g)].flatMap(([, e]) => metricNamesIn(e ?? '')),
    )
    expect(alerts.length).toBeGreaterThan(5)
    const names = metrics.names().flatMap((name) => [name, name.replace(/_bucket$/, '')])
    expect([...named, ...alerts].filter((name) => !names.includes(name))).toEqual([])
    metrics.close()
  })

  it('has the numbers and words of the program', () => {
    const row = (metric: string) => text.split('\n').find((line) => line.startsWith(`| \`${metric}`)) ?? ''
    const refusals = Object.keys(createWhisper().stats().refusals)
    const listed = [...row('status_node_envelopes_refused_total').matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)]
    expect(listed.map(([, reason]) => reason).sort()).toEqual(refusals.sort())

    const limits = (file: string) =>
      readFileSync(new URL(`../../../packages/${file}`, import.meta.url), 'utf8')
    const [, pool] = /MAX_POOL_ENVELOPES = ([\d_]+)$/m.exec(limits('whisper/src/shh/limits.ts')) ?? []
    const [, waiting] =
      /MAX_ENVELOPES, MAX_BYTES\] = \[([\d_]+), 64/.exec(limits('mailserver/src/backlog.ts')) ?? []
    const written = (number = 'no number') => number.replaceAll('_', ',')
    expect(row('status_node_pool_envelopes')).toContain(`at most ${written(pool)} and 64 MiB`)
    expect(text.replace(/\s+/g, ' ')).toContain(`at most ${written(waiting)} of 64 MiB`)
  })
})
