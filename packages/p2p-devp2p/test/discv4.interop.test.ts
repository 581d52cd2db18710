/** Discovery v4 with geth, over UDP on loopback. */
import {
  createDiscv4,
  enodeOfRecord,
  type UdpDiscovery,
  type UdpDiscoveryOptions,
} from '@status-protocol/p2p-devp2p'
import { udpTransport } from '@status-protocol/p2p-devp2p/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf, keyOf } from './support/cores.ts'
import { GoNode } from './support/go-node.ts'
import { Hosts, nextEvent, until } from './support/hosts.ts'

const { GETH } = process.env

describe.skipIf(!GETH)('geth and discovery v4', () => {
  const hosts = new Hosts()
  const running: UdpDiscovery[] = []
  let bootnode: UdpDiscovery
  let geth: GoNode

  const start = async (byte: number, options: Partial<UdpDiscoveryOptions> = {}): Promise<UdpDiscovery> => {
    const node = await createDiscv4({
      ...{ nodeKey: keyOf(byte), udp: udpTransport(), listen: '127.0.0.1:0' },
      ...options,
    })
    running.push(node)
    return node
  }

  beforeAll(async () => {
    bootnode = await start(0xd1)
    geth = await GoNode.geth(GETH as string, [bootnode.enode])
  }, 60_000)
  afterAll(async () => {
    await Promise.all([...running.map((node) => node.close()), hosts.close(), geth?.stop()])
  })

  it('geth comes to us as to a bootnode: both endpoints are proven, and its record is known', async () => {
    const isKnown = () => bootnode.nodes().find(({ record }) => record)
    await until(() => isKnown() !== undefined, 'a node with a record', 20_000)
    const { enode, record } = isKnown()!
    expect(geth.enode).toBe(`enode://${Buffer.from(enode.peerId).toString('hex')}@127.0.0.1:${enode.tcpPort}`)
    expect(enodeOfRecord(record!).peerId).toEqual(enode.peerId)
  })

  it('we come to geth as to a bootnode, and learn of a third node from it', async () => {
    const other = await start(0xd2, { bootnodes: [geth.enode] })
    // geth passes on whom it has checked once more, which takes it a second or a minute
    const ports = async () => (await other.lookup(idOf(keyOf(0xd1)))).map(({ enode }) => enode.udpPort)
    for (const end = performance.now() + 90_000; performance.now() < end; )
      if ((await ports()).includes(bootnode.listenAddress.port)) return
      else await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(await ports()).toContain(bootnode.listenAddress.port)
  })

  it('geth finds a host of ours through us and dials it', async () => {
    const host = await hosts.start(0xd3, { listen: '127.0.0.1:0' })
    const tcpPort = Number(host.listenAddress?.split(':')[1])
    await start(0xd3, { bootnodes: [bootnode.enode], advertise: { ip: '127.0.0.1', tcpPort } })
    const { peer } = await nextEvent(host.events(), 'link-up')
    expect(peer).toMatchObject({ direction: 'inbound', clientName: expect.stringMatching(/geth/i) })
  }, 60_000)
})
