import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { createLog } from '../src/log.ts'
import { startNode } from '../src/node.ts'
import { admitOlderPow, whisperSettings } from '../src/whisper-settings.ts'
import { rawPeer } from './peers.ts'
import { until } from './programs.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'status-whisper-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

describe('settings of Whisper', () => {
  it('have defaults', () => {
    expect(whisperSettings(readConfig({}))).toEqual({
      ...{ minPow: 0.002, lightClient: false, privacyDelayMs: 0, correctsClock: true },
      rateLimits: { perIp: 0, perPeer: 0, perTopic: 0, tolerance: 0 },
    })
  })

  it('are handed to it, each in its place', () => {
    const config = readConfig({
      ...{ minPow: 1, light: true, rateLimitIp: 3, rateLimitPeer: 2, rateLimitTopic: 1 },
      ...{ rateLimitTolerance: 4, privacyDelay: 250, clockCorrection: false },
    })
    expect(whisperSettings(config)).toEqual({
      ...{ minPow: 1, lightClient: true, privacyDelayMs: 250, correctsClock: false },
      rateLimits: { perIp: 3, perPeer: 2, perTopic: 1, tolerance: 4 },
    })
  })

  it('name peers of the older rule by their enodes', () => {
    const ids = [1, 2].map((x) => defaultProvider.publicKey(new Uint8Array(32).fill(x)).slice(1))
    const olderPowPeer = ids.map((id) => `enode://${toHex(id)}@127.0.0.1:30303`)
    const admitted: Uint8Array[] = []
    admitOlderPow({ acceptOlderPowFrom: (id) => admitted.push(id) }, readConfig({ olderPowPeer }))
    expect(admitted).toEqual(ids)
  })

  it('are those of a node that runs', async () => {
    const config = readConfig({
      ...{ listen: '127.0.0.1:0', dataDir, logLevel: 'silent', light: true, privacyDelay: 10_000 },
      ...{ rateLimitIp: 300, rateLimitPeer: 200, rateLimitTopic: 100 },
    })
    const node = await startNode(config, createLog(config))
    try {
      const { lightClient, rateLimits } = node.whisper
      expect({ lightClient, rateLimits }).toEqual({
        lightClient: true,
        rateLimits: { perIp: 300, perPeer: 200, perTopic: 100 },
      })
    } finally {
      await node.close()
    }
  })

  it.each([
    [0, 'slowed down'],
    [10, 'dropped'],
  ])('above its limit, with a tolerance of %i, a peer is %s', async (rateLimitTolerance, fate) => {
    const config = readConfig({
      ...{ listen: '127.0.0.1:0', dataDir, logLevel: 'silent', http: false, ws: false, metrics: false },
      ...{ rateLimitPeer: 20, rateLimitTolerance },
    })
    const node = await startNode(config, createLog(config))
    try {
      const peer = await rawPeer(node.enode)
      for (let i = 0; i < 40; i++) peer.send([])
      if (fate === 'dropped') await until(() => peer.isLost(), 'the end of the link')
      else await until(() => peer.received.length > 60, 'an answer to each')
      expect(peer.isLost()).toBe(fate === 'dropped')
    } finally {
      await node.close()
    }
  })
})
