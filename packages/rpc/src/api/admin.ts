/** The `admin` namespace: links to peers, as in geth. */
import { z } from 'zod'
import { route } from '../route.ts'
import { enode, none, yes } from './schemas.ts'

const NODE_INFO = z.object({
  id: z.string().meta({ description: 'keccak256 of the public key, hex without 0x' }),
  name: z.string(),
  enode: z.string(),
  enr: z.string().optional(),
  ip: z.string(),
  ports: z.object({ discovery: z.number(), listener: z.number() }),
  listenAddr: z.string(),
  protocols: z.record(z.string(), z.unknown()),
})

const PEER_INFO = z.object({
  enr: z.string().optional(),
  enode: z.string(),
  id: z.string().meta({ description: 'keccak256 of its public key, hex without 0x' }),
  name: z.string(),
  caps: z.array(z.string()),
  network: z.object({
    localAddress: z.string().meta({ description: 'of this connection; empty: not known' }),
    remoteAddress: z
      .string()
      .meta({ description: 'of this connection; empty: only the proxy knows; port 0: not known' }),
    inbound: z.boolean(),
    trusted: z.boolean(),
    static: z.boolean(),
  }),
  protocols: z.record(z.string(), z.unknown()),
  transport: z.string().optional().meta({ description: 'what carries the link: tcp, ws, wss, socks5' }),
  score: z.number().optional().meta({ description: 'how good it was so far, if the node looks for peers' }),
})

const oneEnode = { params: z.tuple([enode]), names: ['enode'], result: yes }

export const ADMIN_ROUTES = {
  admin_nodeInfo: route({ summary: 'Who this node is.', params: none, names: [], result: NODE_INFO }),
  admin_peers: route({
    summary: 'Who it is connected to.',
    params: none,
    names: [],
    result: z.array(PEER_INFO),
  }),
  admin_addPeer: route({ summary: 'Connects to a peer and stays connected.', ...oneEnode }),
  admin_removePeer: route({ summary: 'Forgets a peer and ends its link.', ...oneEnode }),
  admin_addTrustedPeer: route({
    summary: 'Lets a peer in above the limit and accepts direct messages from it.',
    ...oneEnode,
  }),
  admin_removeTrustedPeer: route({ summary: 'Takes that back; the link stays.', ...oneEnode }),
}
