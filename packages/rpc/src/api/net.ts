/** The `net`, `web3`, `rpc` namespaces: what any client asks a node first. */
import { z } from 'zod'
import { route } from '../route.ts'
import { bytes, hexText, none } from './schemas.ts'

export const NET_ROUTES = {
  net_version: route({
    summary: 'Id of the network, decimal text.',
    params: none,
    names: [],
    result: z.string(),
  }),
  net_listening: route({
    summary: 'Whether peers can connect.',
    params: none,
    names: [],
    result: z.boolean(),
  }),
  net_peerCount: route({
    summary: 'Connected peers, 0x and hex digits.',
    params: none,
    names: [],
    result: hexText,
  }),
}

export const WEB3_ROUTES = {
  web3_clientVersion: route({
    summary: 'How the node introduces itself to peers.',
    params: none,
    names: [],
    result: z.string(),
  }),
  web3_sha3: route({
    summary: 'Keccak-256 of bytes.',
    params: z.tuple([bytes(2 * 1024 * 1024)]),
    names: ['data'],
    result: hexText,
  }),
}

export const RPC_ROUTES = {
  rpc_modules: route({
    summary: 'Namespaces that are served here.',
    params: none,
    names: [],
    result: z.record(z.string(), z.string()),
  }),
  'rpc.discover': route({
    summary: 'This API as an OpenRPC document.',
    params: none,
    names: [],
    result: z.looseObject({ openrpc: z.string() }),
  }),
}
