import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../src/log.ts'
import { openPeerCache, PEERS_FILE } from '../src/p2p/peer-cache.ts'

const log = createLog({ json: true, logLevel: 'silent' })
const [a, b] = [Uint8Array.of(1), Uint8Array.of(2, 3)]
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'status-peers-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the cache of good peers', () => {
  it('is there after a restart, for its owner alone', async () => {
    const first = await openPeerCache(folder, log)
    await Promise.all([first.commit([{ put: ['t', a, b] }]), first.commit([{ put: ['t', b, a] }])])
    await first.commit([{ del: ['t', a] }])
    const again = await openPeerCache(folder, log)
    const found = []
    for await (const entry of again.range('t', Uint8Array.of(), Uint8Array.of(9), 10)) found.push(entry)
    expect(found).toEqual([[b, a]])
    expect(await again.get('t', a)).toBeUndefined()
    if (process.platform !== 'win32') expect(statSync(join(folder, PEERS_FILE)).mode & 0o077).toBe(0)
  })

  it.each(['', '{', '[]', '{"version":2,"entries":[]}', '{"version":1,"entries":[["t","0",""]]}'])(
    'begins anew where the file says %j',
    async (text) => {
      writeFileSync(join(folder, PEERS_FILE), text)
      const cache = await openPeerCache(folder, log)
      await cache.commit([{ put: ['t', a, b] }])
      expect(JSON.parse(readFileSync(join(folder, PEERS_FILE), 'utf8'))).toEqual({
        version: 1,
        entries: [['t', '01', '0203']],
      })
    },
  )
})
