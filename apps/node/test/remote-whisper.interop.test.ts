/** Whisper over the JSON-RPC of statusd and geth: what our own node offers under `shh_*` they do. Opt-in. */
import { connectRemoteWhisper } from '@status-protocol/rpc/node'
import { whisperServiceConformance } from '@status-protocol/whisper/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type GoNode, startGeth, startStatusd, stopGoPeers } from './go-peers.ts'

const remotes = [
  {
    name: 'statusd over HTTP',
    binary: process.env.STATUSD,
    start: startStatusd,
    at: (node: GoNode) => node.url,
  },
  {
    name: 'statusd over its socket',
    binary: process.env.STATUSD,
    start: startStatusd,
    at: (node: GoNode) => node.ipc,
  },
  { name: 'geth over HTTP', binary: process.env.GETH, start: startGeth, at: (node: GoNode) => node.url },
]

for (const { name, binary, start, at } of remotes)
  describe.skipIf(!binary)(`Whisper of ${name}`, () => {
    let nodes: [GoNode, GoNode]
    beforeAll(async () => {
      nodes = [await start(binary as string), await start(binary as string)]
      await nodes[0].call('admin_addPeer', nodes[1].enode)
      for (const deadline = Date.now() + 30_000; (await nodes[1].call('net_peerCount')) !== '0x1'; )
        if (Date.now() > deadline) throw new Error('the nodes did not connect')
        else await new Promise((resolve) => setTimeout(resolve, 100))
    }, 60_000)
    afterAll(stopGoPeers)

    const makeServices = async () => {
      const [a, b] = await Promise.all(
        [nodes[0], nodes[1]].map((node) => connectRemoteWhisper({ at: at(node) as string }, { pollMs: 50 })),
      )
      if (!a || !b) throw new Error('two services')
      return {
        a: {
          addKeyPair: (key: Uint8Array) => a.addKeyPair(key),
          subscribe: (filter: Parameters<typeof a.subscribe>[0]) => a.subscribe(filter),
          status: () => a.status(),
          post: async (message: Parameters<typeof a.post>[0]) => {
            await b.settled()
            return a.post(message)
          },
        },
        b,
        dispose: async () => void (await Promise.all([a.close(), b.close()])),
      }
    }
    for (const { name: one, run } of whisperServiceConformance(makeServices)) it(one, run)
  })
