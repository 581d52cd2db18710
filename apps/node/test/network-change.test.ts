import { createSocket } from 'node:dgram'
import type { Host } from '@status-protocol/p2p-devp2p'
import { expect, it, vi } from 'vitest'
import { readConfig } from '../src/config.ts'
import { createLifecycle } from '../src/lifecycle.ts'
import { createLog } from '../src/log.ts'
import { startNetwork } from '../src/p2p/network.ts'

const OWN =
  'enode://79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8@127.0.0.1:1'

it('when the network is back or another one, all peers are dialled at once; not after the end', async () => {
  const config = readConfig({ logLevel: 'silent' })
  const log = createLog(config)
  const lifecycle = createLifecycle(log)
  const said: string[] = []
  const host = {
    enode: OWN,
    redialNow: () => said.push('redial'),
  } as unknown as Host
  let change: () => void = () => {}
  const watch = (changed: () => void) => {
    change = changed
    return () => said.push('end')
  }
  await startNetwork(host, { config, log, lifecycle, nodeKey: new Uint8Array(32).fill(1), roles: [], watch })
  expect(said).toEqual([])
  change()
  expect(said).toEqual(['redial'])
  await lifecycle.close()
  expect(said).toEqual(['redial', 'end'])
})

it('when the network is back or another one, ports are mapped at once', async () => {
  const router = createSocket('udp4')
  const asked: string[] = []
  router.on('message', (request, { port, address }) => {
    asked.push(['address', 'udp', 'tcp'][request[1] as number] as string)
    const answer = Buffer.alloc(request[1] === 0 ? 12 : 16)
    answer[1] = 128 + (request[1] as number)
    answer.set(request[1] === 0 ? [8, 8, 8, 8] : request.subarray(4), 8)
    router.send(answer, port, address)
  })
  await new Promise<void>((resolve) => router.bind(5_351, '127.0.0.77', resolve))
  const config = readConfig({ logLevel: 'silent', nat: 'pmp:127.0.0.77' })
  const log = createLog(config)
  const lifecycle = createLifecycle(log)
  const changes: (() => void)[] = []
  const watch = (changed: () => void) => {
    changes.push(changed)
    return () => undefined
  }
  const host = { enode: OWN, redialNow: () => undefined } as unknown as Host
  const network = await startNetwork(host, {
    ...{ config, log, lifecycle, nodeKey: new Uint8Array(32).fill(1), roles: [], watch },
  })
  await network.nat?.settled
  const mappings = () => asked.filter((what) => what === 'tcp').length
  const before = mappings()
  for (const change of changes) change()
  await vi.waitFor(() => expect(mappings()).toBeGreaterThan(before), { timeout: 30_000 })
  await lifecycle.close()
  router.close()
})
