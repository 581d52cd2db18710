/**
 * Discovery v5.1 with `@chainsafe/discv5` at the other end, and why it is not what we run: docs/decisions has the reasons. What
 * FAILS is what that library does; that it does not happen here is shown in `discv5-abuse.test.ts`.
 */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import {
  createDiscv5,
  enodeOfRecord,
  formatNodeRecord,
  parseNodeRecord,
  recordRoles,
  rolesEntry,
} from '@status-protocol/p2p-devp2p'
import { udpTransport } from '@status-protocol/p2p-devp2p/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keyOf } from './support/cores.ts'
import { RawPeer, recordWithLongNumber } from './support/discv5-peer.ts'

const program = fileURLToPath(new URL('support/stock-discv5.ts', import.meta.url))
const child = spawn(process.execPath, ['--conditions=@status-protocol/source', '--import', 'tsx', program], {
  stdio: ['pipe', 'pipe', 'pipe'],
})
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
const next = async () => JSON.parse((await lines.next()).value ?? '{}')
let enr: string

beforeAll(async () => {
  ;({ enr } = await next())
}, 30_000)
afterAll(() => void child.kill())

const start = (n: number, bootnodes: readonly string[] = []) =>
  createDiscv5({
    ...{ nodeKey: keyOf(n), udp: udpTransport(), listen: '127.0.0.1:0', bootnodes },
    ...{ advertise: { tcpPort: 30_303 }, entries: [rolesEntry(['relay'])] },
  })

describe('with @chainsafe/discv5', () => {
  it('each finds the other, with its record', async () => {
    const ours = await start(0x61)
    expect(await ours.ping(enr)).toBeGreaterThan(0)
    expect(formatNodeRecord((await ours.resolve(enr))!)).toBe(enr)
    child.stdin.write(`${formatNodeRecord(ours.record)}\n`)
    const { seen, known } = await next()
    expect(seen).toBe(true)
    expect(known).toContain(formatNodeRecord(ours.record))
    await ours.close()
  })

  it('it asks us first', async () => {
    const ours = await start(0x62)
    child.stdin.write(`${formatNodeRecord(ours.record)}\n`)
    expect(await next()).toMatchObject({ seen: true })
    expect(ours.nodes().map(({ record }) => record && formatNodeRecord(record))).toEqual([enr])
    await ours.close()
  })

  it('two of ours that know nobody else find each other by it, and what the other does', async () => {
    const a = await start(0x63, [enr])
    const b = await start(0x64, [enr])
    for await (const node of b.find(AbortSignal.timeout(20_000))) {
      if (enodeOfRecord(node.record!).udpPort !== a.listenAddress.port) continue
      expect(recordRoles(node.record!)).toEqual(['relay'])
      expect(node).toMatchObject({ roles: ['relay'], source: 'discv5', enode: { tcpPort: 30_303 } })
      await Promise.all([a.close(), b.close()])
      return
    }
    expect.unreachable('nobody was found')
  }, 30_000)

  it('FAILS: three packets of a stranger end the process', async () => {
    const { peerId, ip, udpPort } = enodeOfRecord(parseNodeRecord(enr))
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const at = { ip: '127.0.0.1', port: socket.address().port }
    const key = keyOf(0x65)
    const peer = (seed: number) =>
      new RawPeer(key, recordWithLongNumber(key, at), { peerId, ip: ip!, port: udpPort }, seed)
    const send = (bytes: Uint8Array) => socket.send(bytes, udpPort, ip)
    const ended = once(child, 'exit')
    const first = peer(1)
    send(first.knock())
    const [challenge] = await once(socket, 'message')
    send(first.shakeHands(new Uint8Array(challenge)))
    await once(socket, 'message')
    // who has lost its session; our node answers it with a challenge
    send(peer(2).knock())
    expect(await ended).toEqual([1, null])
    socket.close()
  })
})
