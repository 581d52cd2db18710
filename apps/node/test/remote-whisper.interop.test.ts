/** Whisper over the JSON-RPC of statusd and geth: what our own node offers under `shh_*` they do. Opt-in. */
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createHost, type Host } from '@status-protocol/p2p-devp2p'
import { connectRemoteWhisper } from '@status-protocol/rpc/node'
import { createWhisper } from '@status-protocol/whisper'
import { whisperServiceConformance } from '@status-protocol/whisper/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type GoNode, startGeth, startStatusd, stopGoPeers } from './go-peers.ts'

/** Go sends every 300 ms, twice on the way, and looks every 250 ms for what is to be told. */
const CYCLES_MS = 1_000
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

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
    let host: Host | undefined
    const relay = createWhisper()
    beforeAll(async () => {
      nodes = [await start(binary as string), await start(binary as string)]
      // Two geths on a light chain have nothing to say to each other; with a relay between them it is the same network.
      host = await createHost({
        nodeKey: generatePrivateKey(defaultProvider, systemRandom),
        peers: nodes.map(({ enode }) => enode),
        subprotocols: [relay.subprotocol],
      })
      for (const deadline = Date.now() + 30_000; relay.peers().length < 2; )
        if (Date.now() > deadline) throw new Error('the nodes did not connect')
        else await pause(100)
    }, 60_000)
    afterAll(async () => {
      await relay.close()
      await host?.close()
      await stopGoPeers()
    })

    const makeServices = async () => {
      await pause(2 * CYCLES_MS) // what is still on its way is another case's
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
            const hash = await a.post({ ...message, powTimeMs: 60_000 })
            await pause(CYCLES_MS) // Go hands messages of one cycle over in any order
            return hash
          },
        },
        b,
        dispose: async () => void (await Promise.all([a.close(), b.close()])),
      }
    }
    for (const { name: one, run } of whisperServiceConformance(makeServices)) it(one, run)
  })
