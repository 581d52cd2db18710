/**
 * Links with the Go nodes of 2019 - 2020. Opt-in: runs with what the environment names.
 *
 *   STATUSD, STATUSD_B, STATUSD_C ...  statusd binaries       GETH  geth with --shh      WIRE_PROBE  a bare devp2p peer
 *   FULL=1                             also what takes more than half a minute
 */
import { fromHex, toHex } from '@status-protocol/bytes'
import { disconnectReasons, type HostEvent, type Link, type Subprotocol } from '@status-protocol/p2p-devp2p'
import { afterEach, describe, expect, it } from 'vitest'
import { keyOf, SHH } from './support/cores.ts'
import { GoNode, WireProbe } from './support/go-node.ts'
import { Hosts, idHex, idle, nextEvent } from './support/hosts.ts'

/** A Whisper status: version 6, minimum PoW 0.002, no bloom, full node. */
const STATUS = fromHex('cc06883f60624dd2f1a9fc8080')

const nodes: readonly (readonly [string, () => Promise<GoNode>])[] = [
  ...Object.entries(process.env)
    .filter(([name, value]) => /^STATUSD(_[A-Z0-9]+)?$/.test(name) && value)
    .map(([name, value]) => [`${name}: ${value}`, () => GoNode.statusd(value as string)] as const),
  ...(process.env.GETH
    ? [[`GETH: ${process.env.GETH}`, () => GoNode.geth(process.env.GETH as string)] as const]
    : []),
]
const probeBinary = process.env.WIRE_PROBE ?? ''
const isFull = process.env.FULL === '1'

const hosts = new Hosts()
const started: { stop(): Promise<void> }[] = []
afterEach(async () => {
  await hosts.close()
  await Promise.all(started.splice(0).map((process) => process.stop()))
})

/** As much of Whisper as it takes to be kept as a peer: the status packet. Keeps what comes. */
function statusOnly() {
  const packets: { code: number; body: Uint8Array }[] = []
  const links: Link[] = []
  const subprotocol: Subprotocol = {
    ...SHH,
    async run(link) {
      links.push(link)
      link.send(0, STATUS)
      for await (const packet of link.packets()) packets.push(packet)
    },
  }
  return { subprotocol, packets, links }
}

describe.skipIf(nodes.length === 0)('Go nodes', () => {
  describe.each(nodes)('%s', (_name, start) => {
    const startNode = async () => {
      const node = await start()
      started.push(node)
      return node
    }

    it('we dial it: handshake, Hello, link, status both ways; it hears why we leave', async () => {
      const node = await startNode()
      const shh = statusOnly()
      const host = await hosts.start(71, { subprotocols: [shh.subprotocol] })
      const events = host.events()
      host.addPeer(node.enode)
      const { peer } = await nextEvent(events, 'link-up')
      expect(peer).toMatchObject({ direction: 'outbound', capabilities: ['shh/6'], enode: node.enode })
      expect(peer.clientName).toMatch(/Statusd|Geth/i)
      await eventually(() => node.hasPeer(idHex(71)))
      await eventually(() => shh.packets.length > 0)
      expect(shh.packets[0]).toMatchObject({ code: 0 })
      expect(toHex(shh.packets[0]!.body)).toMatch(/^(cc|cd|d1)06883f?/)
      await host.close()
      await eventually(async () => !(await node.hasPeer(idHex(71))))
    })

    it('it dials us; a second connection of ours it calls already connected, and the first one lives', async () => {
      const node = await startNode()
      const shh = statusOnly()
      const host = await hosts.start(72, { subprotocols: [shh.subprotocol], listen: '127.0.0.1:0' })
      const events = host.events()
      await node.rpc('admin_addPeer', host.enode)
      const { peer } = await nextEvent(events, 'link-up')
      expect(peer).toMatchObject({ direction: 'inbound', ip: '127.0.0.1', capabilities: ['shh/6'] })
      await eventually(() => node.hasPeer(idHex(72)))

      const twin = await hosts.start(72, { subprotocols: [statusOnly().subprotocol] })
      const twinEvents = twin.events()
      twin.addPeer(node.enode)
      const refused = await nextEvent(twinEvents, 'dial-failed')
      expect(refused).toMatchObject({ reason: disconnectReasons.alreadyConnected, cause: 'remote' })
      expect(host.peers()).toHaveLength(1)
    })

    it('both dial each other at the same time: one link at both ends, and it stays', async () => {
      const node = await startNode()
      const shh = statusOnly()
      const host = await hosts.start(73, { subprotocols: [shh.subprotocol], listen: '127.0.0.1:0' })
      host.addPeer(node.enode)
      await node.rpc('admin_addPeer', host.enode)
      await eventually(() => host.stats().up === 1 && host.stats().pendingInbound === 0)
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      expect(host.peers()).toHaveLength(1)
      expect(await node.hasPeer(idHex(73))).toBe(true)
    })

    it('it ends the link when Whisper is broken, and says a reason or nothing', async () => {
      const node = await startNode()
      const broken: Subprotocol = { ...SHH, run: (link) => link.send(0, Uint8Array.of(0xc1, 5)) }
      const host = await hosts.start(74, { subprotocols: [broken] })
      const events = host.events()
      host.addPeer(node.enode)
      await nextEvent(events, 'link-up')
      const down = await nextEvent(events, 'link-down')
      expect(down.by).toBe('peer')
      expect([disconnectReasons.subprotocolError, disconnectReasons.networkError]).toContain(down.reason)
    })

    it('it has nothing in common with us: useless peer', async () => {
      const node = await startNode()
      const host = await hosts.start(75, { subprotocols: [idle({ name: 'xyz', version: 1, length: 4 })] })
      const events = host.events()
      host.addPeer(node.enode)
      const failed = await nextEvent(events, 'dial-failed')
      expect(failed.reason).toBe(disconnectReasons.uselessPeer)
    })

    it('it is killed and started again: the link heals by itself', async () => {
      const node = await startNode()
      const host = await hosts.start(76, { subprotocols: [statusOnly().subprotocol] })
      const events = host.events()
      host.addPeer(node.enode)
      await nextEvent(events, 'link-up')
      await node.kill()
      const down = await nextEvent(events, 'link-down')
      expect(down).toMatchObject({ cause: 'connection-lost', by: 'peer' })
      expect(down.redialInMs).toBeLessThanOrEqual(1_000)
      await node.restart()
      await nextEvent(events, 'link-up')
      await eventually(() => node.hasPeer(idHex(76)))
    })

    it.skipIf(!isFull)(
      'an idle link survives 35 s and more of silence: pings go both ways',
      async () => {
        const node = await startNode()
        const shh = statusOnly()
        const host = await hosts.start(77, { subprotocols: [shh.subprotocol] })
        const seen: HostEvent['type'][] = []
        const events = host.events()
        host.addPeer(node.enode)
        await nextEvent(events, 'link-up')
        void (async () => {
          for await (const event of events) seen.push(event.type)
        })()
        await new Promise((resolve) => setTimeout(resolve, 50_000))
        expect([seen, host.peers().length, await node.hasPeer(idHex(77))]).toEqual([[], 1, true])
      },
      90_000,
    )
  })
})

describe.skipIf(probeBinary === '')('a bare devp2p peer in Go', () => {
  const startProbe = async (...flags: string[]) => {
    const probe = await WireProbe.start(probeBinary, flags)
    started.push(probe)
    return probe
  }

  it('every code of shh/6 arrives with its body, both ways', async () => {
    const shh = idle()
    const host = await hosts.start(81, { subprotocols: [shh], listen: '127.0.0.1:0' })
    const probe = await startProbe('-caps', 'shh/6')
    probe.say({ op: 'dial', enode: host.enode })
    const { peer } = await probe.event('peer')
    const link = await shh.link()
    const packets = link.packets()[Symbol.asyncIterator]()
    for (let code = 0; code < 128; code++) {
      const payload = `c3${toHex(Uint8Array.of(code & 0x7f, 1, 2))}`
      probe.say({ op: 'send', peer, code, payload })
      expect((await packets.next()).value).toEqual({ code, body: fromHex(payload) })
      expect(link.send(code, fromHex(payload))).toBe('ok')
      await probe.event('recv', (e) => e.code === code && String(e.payload).endsWith(payload))
    }
  })

  it('bodies from one byte to a megabyte, both ways', async () => {
    const shh = idle()
    const host = await hosts.start(82, { subprotocols: [shh], listen: '127.0.0.1:0' })
    const probe = await startProbe('-caps', 'shh/6')
    probe.say({ op: 'dial', enode: host.enode })
    const { peer } = await probe.event('peer')
    const link = await shh.link()
    const packets = link.packets()[Symbol.asyncIterator]()
    for (const size of [1, 55, 56, 255, 256, 65_535, 65_536, 1_000_000]) {
      const body = Uint8Array.from({ length: size }, (_, i) => (i * 7919 + (i >> 8)) & 0xff)
      body[0] = 0x7f
      probe.say({ op: 'send', peer, code: 1, payload: toHex(body) })
      const { value } = await packets.next()
      expect(value?.body.length).toBe(size)
      expect(toHex(value!.body) === toHex(body)).toBe(true)
      expect(link.send(1, body)).toBe('ok')
      await probe.event('recv', (e) => e.payload === toHex(body))
    }
  })

  it('reasons of Disconnect, both ways', async () => {
    for (const reason of [
      disconnectReasons.tooManyPeers,
      disconnectReasons.quitting,
      disconnectReasons.timeout,
    ]) {
      const shh = idle()
      const host = await hosts.start(83, { subprotocols: [shh], listen: '127.0.0.1:0' })
      const probe = await startProbe('-caps', 'shh/6')
      probe.say({ op: 'dial', enode: host.enode })
      const { peer } = await probe.event('peer')
      await shh.link()
      probe.say({ op: 'drop', peer, reason })
      expect(await shh.links[0]!.closed).toBe(reason)
      await hosts.close()
    }
  })

  it('other capabilities beside it move the offset of shh', async () => {
    const [first, shh] = [idle({ name: 'abc', version: 2, length: 10 }), idle()]
    const host = await hosts.start(84, { subprotocols: [first, shh], listen: '127.0.0.1:0' })
    const probe = await startProbe('-caps', 'abc/2/10,shh/6')
    probe.say({ op: 'dial', enode: host.enode })
    await probe.event('peer')
    const [one, two] = [await first.link(), await shh.link()]
    expect(one.send(9, fromHex('c101'))).toBe('ok')
    expect(two.send(127, fromHex('c102'))).toBe('ok')
    await probe.event('recv', (e) => e.payload === 'c101')
    await probe.event('recv', (e) => e.payload === 'c102')
  })

  it('keys: the probe is who its enode says', async () => {
    const shh = idle()
    const probe = await startProbe('-caps', 'shh/6', '-key', toHex(keyOf(85)), '-listen', '127.0.0.1:0')
    expect(probe.enode).toContain(idHex(85))
    const host = await hosts.start(86, { subprotocols: [shh] })
    host.addPeer(probe.enode)
    expect(toHex((await shh.link()).peerId)).toBe(idHex(85))
  })
})

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 20_000; !(await condition()); ) {
    if (performance.now() > end) throw new Error('not within 20 s')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
