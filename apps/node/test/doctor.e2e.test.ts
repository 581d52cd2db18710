/** `status-node doctor` as an operator runs it: beside a node, before one, and where things are wrong. */
import { chmodSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Diagnosis } from '../src/doctor/finding.ts'
import { atTheEnd, runNode, startNode, stopAll, temporaryDirectory } from './programs.ts'

afterEach(stopAll)

async function doctor(args: readonly string[]): Promise<Diagnosis & { code: number | null }> {
  const run = await runNode(['doctor', '--json', ...args])
  expect(run.stderr).toBe('')
  return { ...(JSON.parse(run.stdout) as Diagnosis), code: run.code }
}

const statuses = ({ checks }: Diagnosis) => checks.map(({ check, status }) => `${check}: ${status}`)

describe('status-node doctor', () => {
  it('finds a machine well before the first start, and leaves no trace', async () => {
    const dataDir = join(temporaryDirectory(), 'new')
    const found = await doctor(['--data-dir', dataDir, '--listen', '127.0.0.1:0', '--metrics', '127.0.0.1:0'])
    expect(found).toMatchObject({ ok: true, code: 0 })
    expect(statuses(found)).toEqual([
      ...['node-version: ok', 'file-descriptors: ok', 'data-dir: ok', expect.stringMatching(/^disk: /)],
      ...['lock: ok', 'port: ok', 'metrics-port: ok', expect.stringMatching(/^clock: /), 'peer: skipped'],
    ])
  })

  it('finds a node that runs well: its port answers, its peers are there', async () => {
    const other = await startNode()
    const node = await startNode(['--peer', other.ready.enode])
    const found = await doctor(['--data-dir', node.dataDir, '--peer', other.ready.enode])
    expect(found).toMatchObject({ ok: true, code: 0 })
    const detail = (name: string) => found.checks.find(({ check }) => check === name)?.detail
    expect(detail('lock')).toContain(`process ${node.pid}`)
    expect(detail('port')).toMatch(`the node answers at ${node.ready.listen} in`)
    expect(detail('peer')).toMatch(/the node is connected to it|answers in/)
    expect(await node.stop()).toBe(0)
    expect((await doctor(['--data-dir', node.dataDir, '--peer', other.ready.enode])).checks).toContainEqual(
      expect.objectContaining({ check: 'peer', status: 'ok', detail: expect.stringContaining('answers in') }),
    )
  })

  it('says what is wrong and what to do, and ends with 5', async () => {
    const gone = await startNode()
    await gone.stop()
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    atTheEnd(() => taken.close())
    const { port } = taken.address() as { port: number }
    chmodSync(join(gone.dataDir, 'nodekey'), 0o644)
    const config = join(temporaryDirectory(), 'node.json')
    const peer = [gone.ready.enode]
    writeFileSync(config, JSON.stringify({ listen: `127.0.0.1:${port}`, peer, dataDir: gone.dataDir }))
    const run = await runNode(['doctor', '--config', config])
    expect(run.code).toBe(5)
    expect(run.stdout).toMatch(
      /^fail {2}port .*127\.0\.0\.1:\d+ is taken by another program\n +-> see which/m,
    )
    expect(run.stdout).toMatch(/^warn {2}data-dir-rights .*nodekey: .*\n +-> chmod 600/m)
    expect(run.stdout).toMatch(/^fail {2}peer .*ECONNREFUSED.*\n +-> nothing listens there/m)
    expect(run.stdout).toMatch(/^2 of \d+ checks failed\.$/m)
  })
})
