import type { Host } from '@status-protocol/p2p-devp2p'
import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { createLifecycle } from '../src/lifecycle.ts'
import { createLog } from '../src/log.ts'
import { startNetwork } from '../src/p2p/network.ts'

it('when the network is back or another one, all peers are dialled at once; not after the end', async () => {
  const config = readConfig({ logLevel: 'silent' })
  const log = createLog(config)
  const lifecycle = createLifecycle(log)
  const said: string[] = []
  const host = {
    enode: `enode://${'79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8'}@127.0.0.1:1`,
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
