/** Why discovery v4 is our own: what `@ethereumjs/devp2p` does, and that it does not happen here. docs/decisions has the reasons. */
import { spawn } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { fileURLToPath } from 'node:url'
import {
  createDiscv4,
  type DiscoveryMessage,
  encodeDiscoveryPacket,
  type UdpDiscovery,
} from '@status-protocol/p2p-devp2p'
import { udpTransport } from '@status-protocol/p2p-devp2p/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf, keyOf } from './support/cores.ts'

const program = fileURLToPath(new URL('support/stock-discovery.ts', import.meta.url))
const child = spawn(process.execPath, ['--conditions=@status-protocol/source', '--import', 'tsx', program], {
  stdio: ['pipe', 'pipe', 'ignore'],
})
let stock: { port: number; movedDns: boolean }
let ours: UdpDiscovery

beforeAll(async () => {
  ours = await createDiscv4({ nodeKey: keyOf(0x52), udp: udpTransport(), listen: '127.0.0.1:0' })
  stock = await new Promise((resolve) =>
    child.stdout.once('data', (line) => resolve(JSON.parse(String(line)))),
  )
}, 30_000)
afterAll(async () => {
  child.stdin.end()
  await ours.close()
})

const soon = (): bigint => BigInt(Math.floor(Date.now() / 1_000) + 20)
const ping = (expirationUnixSeconds: bigint): DiscoveryMessage => ({
  ...{ type: 'ping', version: 4, expirationUnixSeconds },
  from: { ip: '127.0.0.1', udpPort: 1, tcpPort: 1 },
  to: { ip: '127.0.0.1', udpPort: 1, tcpPort: 0 },
})
const questions: readonly (readonly [string, () => DiscoveryMessage, string[], string[]])[] = [
  [
    'FindNode from an endpoint that has proven nothing',
    () => ({ type: 'findnode', target: idOf(keyOf(1)), expirationUnixSeconds: soon() }),
    ['neighbours'],
    [],
  ],
  ['a Ping from an endpoint that has proven nothing', () => ping(soon()), ['pong'], ['ping']],
]

const TYPES = ['?', 'ping', 'pong', 'findnode', 'neighbours', 'enr-request', 'enr-response']

/** Everything that comes back within a moment, and whether it is more than what went out. */
async function answers(
  port: number,
  message: DiscoveryMessage,
): Promise<{ types: string[]; isMore: boolean }> {
  const socket: Socket = createSocket('udp4')
  const { bytes } = encodeDiscoveryPacket(message, { nodeKey: keyOf(0x53) })
  const got: Uint8Array[] = []
  socket.on('message', (answer) => got.push(answer))
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  socket.send(bytes, port, '127.0.0.1')
  await new Promise((resolve) => setTimeout(resolve, 300))
  await new Promise<void>((resolve) => socket.close(resolve))
  // by its number: not everything that it sends can be read
  const types = got.map((answer) => TYPES[answer[97] as number] ?? '?')
  return { types, isMore: got.reduce((sum, { length }) => sum + length, 0) > bytes.length }
}

describe('discovery of @ethereumjs/devp2p', () => {
  it('FAILS: points the whole process at a public DNS resolver', () => {
    expect(stock.movedDns).toBe(true)
  })

  it.each(questions)('FAILS: answers %s', async (_name, message, expected) => {
    const { types, isMore } = await answers(stock.port, message())
    expect(types).toEqual(expected)
    // the table is empty; with 16 nodes in it neighbours are six times as long as the question
    expect(isMore).toBe(expected[0] === 'pong')
  })
})

describe('ours', () => {
  it.each(questions)('%s', async (_name, message, _stock, expected) => {
    expect(await answers(ours.listenAddress.port, message())).toEqual({ types: expected, isMore: false })
  })
})
