import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createReadiness } from '../src/operations/readiness.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'status-ready-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

describe('readiness', () => {
  it('needs an address, peers as asked for, and a data directory that can be written', async () => {
    let address: string | undefined = '127.0.0.1:1'
    let peers = 2
    const readiness = createReadiness({ dataDir, minPeers: 2, listening: () => address, peers: () => peers })
    expect((await readiness()).ready).toBe(true)
    expect(readdirSync(dataDir)).toEqual([])
    peers = 1
    expect(await readiness()).toMatchObject({ ready: false, checks: { peers: { ok: false } } })
    peers = 2
    address = undefined
    expect(await readiness()).toMatchObject({ ready: false, checks: { listening: { ok: false } } })
  })

  it('of a mailserver needs an archive that works', async () => {
    const source = { dataDir, minPeers: 0, listening: () => 'x', peers: () => 0 }
    const readiness = (problem: string | undefined) =>
      createReadiness({ ...source, archiveProblem: async () => problem })()
    expect(await readiness(undefined)).toMatchObject({
      ready: true,
      checks: { archive: { ok: true, detail: 'works' } },
    })
    expect(await readiness('no space left')).toMatchObject({
      ready: false,
      checks: { archive: { ok: false, detail: 'no space left' } },
    })
    expect((await createReadiness(source)()).checks).not.toHaveProperty('archive')
  })

  it('tries the directory again after a while, not each time', async () => {
    let now = 0
    const gone = join(dataDir, 'gone')
    const source = { dataDir: gone, minPeers: 0, listening: () => 'x', peers: () => 0 }
    const readiness = createReadiness(source, () => now)
    expect((await readiness()).checks.dataDir).toEqual({ ok: false, detail: 'cannot be written (ENOENT)' })
    const { mkdirSync } = await import('node:fs')
    mkdirSync(gone)
    now = 4_999
    expect((await readiness()).ready).toBe(false)
    now = 5_000
    expect((await readiness()).ready).toBe(true)
  })
})
