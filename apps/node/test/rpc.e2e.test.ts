/** The JSON-RPC of the program: who may ask for what over which transport, and what `admin` does with real links. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { createRpcClient, NODE_ROUTES, type RpcClient } from '@status-protocol/rpc'
import { connectTransport } from '@status-protocol/rpc/node'
import { afterEach, describe, expect, it } from 'vitest'
import { atTheEnd, type NodeProcess, runNode, startNode, stopAll, temporaryDirectory } from './programs.ts'

afterEach(stopAll)

type Client = RpcClient<typeof NODE_ROUTES>['call']

async function over(at: unknown, token?: string): Promise<Client> {
  const transport = await connectTransport({ at: String(at), token })
  atTheEnd(() => transport.close())
  return createRpcClient(NODE_ROUTES, transport).call
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

async function until(probe: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await probe()); await new Promise((r) => setTimeout(r, 20)))
    if (Date.now() > deadline) throw new Error('did not happen')
}

describe('status-node --http --ws --ipc', () => {
  it('serves each transport what it may have', async () => {
    const node = await startNode(['--http', '127.0.0.1:0', '--ws', '127.0.0.1:0', '--ipc'])
    const { http, ws, ipc } = node.ready
    expect([http, ws]).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    ])
    expect(ipc).toBe(join(node.dataDir, 'status-node.ipc'))
    expect(statSync(String(ipc)).mode & 0o777).toBe(0o600)
    expect(existsSync(join(node.dataDir, 'rpc-token'))).toBe(false)
    for (const at of [`http://${http}`, `ws://${ws}`]) {
      const call = await over(at)
      expect(await call.rpc_modules([])).toEqual({
        net: '1.0',
        rpc: '1.0',
        shh: '1.0',
        shhext: '1.0',
        web3: '1.0',
      })
      expect(await call.web3_clientVersion([])).toMatch(/^status-protocol\/v/)
      expect(await call.web3_sha3(['0x'])).toBe(
        '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
      )
      await expect(call.admin_peers([])).rejects.toThrow(
        'the method admin_peers does not exist/is not available',
      )
      await expect(call.shh_getPrivateKey([await call.shh_newKeyPair([])])).rejects.toThrow(
        '--rpc-unsafe-keys',
      )
    }
    const call = await over(ipc)
    expect(Object.keys(await call.rpc_modules([]))).toContain('admin')
    expect(await call.shh_getPrivateKey([await call.shh_newKeyPair([])])).toMatch(/^0x[0-9a-f]{64}$/)
    expect(await node.stop()).toBe(0)
    expect(existsSync(String(ipc))).toBe(false)
  })

  it('serves HTTP and WebSocket on one address, and more modules when they are asked for', async () => {
    const at = `127.0.0.1:${await freePort()}`
    const config = join(temporaryDirectory(), 'node.json')
    writeFileSync(
      config,
      JSON.stringify({ http: at, ws: at, rpcModules: ['net', 'admin'], rpcUnsafeKeys: true }),
    )
    const { ready } = await startNode(['--config', config])
    expect([ready.http, ready.ws]).toEqual([at, at])
    for (const scheme of ['http', 'ws']) {
      const call = await over(`${scheme}://${at}`)
      expect(await call.rpc_modules([])).toEqual({ admin: '1.0', net: '1.0', rpc: '1.0' })
      expect((await call.admin_nodeInfo([])).enode).toBe(ready.enode)
    }
  })

  const elsewhere = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address
  it.skipIf(!elsewhere)('wants the token of its data directory where others can reach it', async () => {
    const { ready, dataDir } = await startNode(['--http', `${elsewhere}:0`])
    const file = join(dataDir, 'rpc-token')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await expect(over(`http://${ready.http}`).then((call) => call.shh_version([]))).rejects.toThrow()
    const call = await over(`http://${ready.http}`, readFileSync(file, 'utf8').trim())
    expect(await call.shh_version([])).toBe('6.0')
  })

  it.each([
    [
      ['--rpc-modules', 'shh,eth'],
      2,
      '--rpc-modules: there is no module "eth"; there are shh, shhext, net, web3, admin, debug',
    ],
    [['--http', 'nonsense'], 2, '--http: expected host:port'],
    [['--ipc', `/tmp/${'x'.repeat(200)}`], 4, "a socket's path has at most 107 bytes"],
  ])('%j ends with %i', async (args, code, message) => {
    const ended = await runNode([...args, '--listen', '127.0.0.1:0', '--data-dir', temporaryDirectory()])
    expect(ended.code).toBe(code)
    expect(ended.stderr).toContain(message)
  })
})

describe('admin', () => {
  it('knows and changes the links', async () => {
    const [a, b] = await Promise.all([startNode(['--ipc']), startNode(['--ipc'])])
    const [callA, callB] = await Promise.all([a, b].map(({ ready }: NodeProcess) => over(ready.ipc)))
    if (!callA || !callB) throw new Error('two clients')
    const info = await callB.admin_nodeInfo([])
    expect(info).toMatchObject({ enode: b.ready.enode, ip: '127.0.0.1', listenAddr: b.ready.listen })
    expect(info.id).toMatch(/^[0-9a-f]{64}$/)
    expect(await callA.net_peerCount([])).toBe('0x0')
    expect(await callA.admin_addPeer([b.ready.enode])).toBe(true)
    await until(
      async () => (await callA.net_peerCount([])) === '0x1' && (await callB.net_peerCount([])) === '0x1',
    )
    const [peer] = await callA.admin_peers([])
    expect(peer).toMatchObject({
      ...{ enode: b.ready.enode, id: info.id, name: info.name, caps: ['shh/6'] },
      network: { inbound: false, static: true, trusted: false, remoteAddress: b.ready.listen },
    })
    // one connection, seen from its ends
    expect((await callB.admin_peers([]))[0]).toMatchObject({
      network: {
        ...{ inbound: true, static: false },
        ...{ localAddress: peer?.network.remoteAddress, remoteAddress: peer?.network.localAddress },
      },
    })

    expect(await callB.admin_addTrustedPeer([a.ready.enode])).toBe(true)
    const trust = async () => (await callB.admin_peers([]))[0]?.network.trusted
    expect(await trust()).toBe(true)
    expect(await callB.admin_removeTrustedPeer([a.ready.enode])).toBe(true)
    expect(await trust()).toBe(false)

    expect(await callA.admin_removePeer([b.ready.enode])).toBe(true)
    await until(async () => (await callB.net_peerCount([])) === '0x0')
    expect(await callA.admin_peers([])).toEqual([])
    await expect(callA.admin_addPeer(['enode://nobody'])).rejects.toThrow('invalid enode')
  })
})

describe('history over JSON-RPC', () => {
  it('comes from a mail server, asked in clear and with its password, as clients of the time did', async () => {
    const server = await startNode(['--mailserver'])
    const [early, late] = await Promise.all(
      [1, 2].map(() => startNode(['--ipc', '--peer', server.ready.enode])),
    )
    if (!early || !late) throw new Error('two nodes')
    const [callEarly, callLate] = await Promise.all([early, late].map(({ ready }) => over(ready.ipc)))
    if (!callEarly || !callLate) throw new Error('two clients')
    await until(async () => (await callEarly.net_peerCount([])) === '0x1')
    const topic = '0x0badcafe'
    const symKeyID = await callEarly.shh_generateSymKeyFromPassword(['history'])
    await callEarly.shh_post([{ symKeyID, topic, payload: '0x01', ttl: 5, powTarget: 0.002, powTime: 5 }])

    await until(async () => (await callLate.net_peerCount([])) === '0x1')
    const ownKey = await callLate.shh_generateSymKeyFromPassword(['history'])
    for (const password of [undefined, 'status-offline-inbox']) {
      const filter = await callLate.shh_newMessageFilter([
        { symKeyID: ownKey, topics: [topic], allowP2P: true },
      ])
      const inbox = password && (await callLate.shh_generateSymKeyFromPassword([password]))
      const direct: unknown[] = []
      await until(async () => {
        const request = { mailServerPeer: server.ready.enode, topics: [topic], force: true, symKeyID: inbox }
        const answer = await callLate.shhext_requestMessagesSync([
          { BaseTimeout: 5e9, MaxRetries: 1 },
          request,
        ])
        expect(answer.error).toBeNull()
        const messages = await callLate.shh_getFilterMessages([filter])
        direct.push(...messages.filter((message) => message.direct))
        return direct.length > 0
      })
      expect(direct[0]).toMatchObject({ topic, payload: '0x01' })
      await callLate.shh_deleteMessageFilter([filter])
    }
  })
})
