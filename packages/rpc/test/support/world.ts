/** Two Whisper nodes that are peers of each other, each with its JSON-RPC. */
import { toHex } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey } from '@status-protocol/crypto'
import {
  createNodeServer,
  type HostHandlers,
  type NodeServer,
  type NodeServerOptions,
} from '@status-protocol/rpc'
import { seededRandom } from '@status-protocol/testkit'
import { createWhisper, type Whisper, type WhisperOptions } from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'

export interface TestNode {
  readonly whisper: Whisper
  readonly rpc: NodeServer
  /** An enode that names it, by the id that the other node knows it by. */
  readonly enode: string
  /** Result or error of one request. */
  call(method: string, params?: unknown, transport?: string): Promise<never>
}

const random = seededRandom(5)
/** 64 bytes that are a point, as ids of nodes are. */
const nodeId = (): Uint8Array =>
  defaultProvider.publicKey(generatePrivateKey(defaultProvider, random)).subarray(1)

export interface NodeOptions {
  readonly whisper?: WhisperOptions
  readonly rpc?: Partial<NodeServerOptions>
}

export function testNode(id: Uint8Array = nodeId(), options: NodeOptions = {}): TestNode {
  let rpc: NodeServer | undefined
  const whisper = createWhisper({
    ...options.whisper,
    mail: {
      requestComplete: (_from, outcome) => rpc?.mailRequests.completed(outcome),
      ...options.whisper?.mail,
    },
  })
  rpc = createNodeServer({
    whisper,
    host: NO_HOST,
    peerIdOf,
    version: '1.2.3',
    modulesFor: () => ['shh', 'shhext', 'net', 'web3', 'admin'],
    servesKeys: () => true,
    ...options.rpc,
  })
  const server = rpc
  const call: TestNode['call'] = async (method, params = [], transport = 'test') => {
    const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const { result, error } = JSON.parse((await server.handle(text, { transport })) as string)
    if (error) throw Object.assign(new Error(error.message), error)
    return result as never
  }
  return { whisper, rpc, enode: `enode://${toHex(id)}@127.0.0.1:30303`, call }
}

/** Both are peers of each other when this resolves. */
export async function pairOfNodes(options: NodeOptions = {}): Promise<{ a: TestNode; b: TestNode }> {
  const [idOfA, idOfB] = [nodeId(), nodeId()]
  const [a, b] = [testNode(idOfA, options), testNode(idOfB, options)]
  const pair = createMemoryLinkPair({ a: { id: idOfA }, b: { id: idOfB } })
  void a.whisper.attach(pair.a)
  void b.whisper.attach(pair.b)
  while (a.whisper.peers().length + b.whisper.peers().length < 2) await new Promise((r) => setTimeout(r, 1))
  return { a, b }
}

export function peerIdOf(enode: string): Uint8Array {
  const match = /^enode:\/\/([0-9a-f]{128})@/.exec(enode)
  if (!match) throw new Error('not an enode')
  return Uint8Array.from(Buffer.from(match[1] as string, 'hex'))
}

/** Eventually; how long it takes is not judged. */
export async function until<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (;;) {
    const value = await probe()
    if (value) return value
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

const NO_HOST: HostHandlers = {
  net_version: () => '1',
  net_listening: () => false,
  net_peerCount: () => '0x0',
  web3_clientVersion: () => 'test/v1',
  web3_sha3: ([data]) => `0x${toHex(defaultProvider.keccak256(data))}`,
  admin_nodeInfo: () => {
    throw new Error('not here')
  },
  admin_peers: () => [],
  admin_addPeer: () => true,
  admin_removePeer: () => true,
  admin_addTrustedPeer: () => true,
  admin_removeTrustedPeer: () => true,
}
