/** A host behind a router that maps its port. Says its enode as others see it, or what is wrong. */
import { createHost, createNat, parseNatMode } from '@status-protocol/p2p-devp2p'
import { findRouters } from '@status-protocol/p2p-devp2p/node'
import { keyOf } from './cores.ts'
import { idle } from './hosts.ts'

const [mode, ip, leaseSeconds] = process.argv.slice(2) as [string, string, string]
const nat = createNat({
  ...{ mode: parseNatMode(mode), find: findRouters, leaseSeconds: Number(leaseSeconds) },
  ports: [
    { protocol: 'tcp', port: 30_303 },
    { protocol: 'udp', port: 30_303 },
  ],
})
const state = await nat.settled
const advertise = state.externalIp === undefined ? {} : { advertiseIp: state.externalIp }
const host = await createHost({
  ...{ nodeKey: keyOf(0x41), subprotocols: [idle()], listen: `${ip}:30303` },
  ...advertise,
})
console.log(JSON.stringify({ ...state, enode: host.enode }))
process.stdin.resume().on('end', async () => {
  await Promise.all([nat.close(), host.close()])
  process.exit(0)
})
