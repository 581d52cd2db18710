import { createSocket } from 'node:dgram'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { checkDiscovery } from '../src/doctor/discovery.ts'

const running = (more: object) => ({ pid: 1, ...more })

describe('doctor: discovery and router', () => {
  it('says nothing where neither is asked for', async () => {
    expect(await checkDiscovery(readConfig({}), undefined)).toEqual([])
    expect(await checkDiscovery(readConfig({ nat: 'extip:203.0.113.9' }), undefined)).toEqual([])
  })

  it('tries the port of UDP, and says who has it', async () => {
    const socket = createSocket('udp4')
    const port = await new Promise<number>((resolve) =>
      socket.bind(0, '127.0.0.1', () => resolve(socket.address().port)),
    )
    const config = readConfig({ discovery: true, listen: `127.0.0.1:${port}` })
    expect(await checkDiscovery(config, undefined)).toMatchObject([
      { check: 'discovery', status: 'fail', detail: `UDP 127.0.0.1:${port} is taken by another program` },
    ])
    await new Promise<void>((resolve) => socket.close(() => resolve()))
    expect(await checkDiscovery(config, undefined)).toMatchObject([{ check: 'discovery', status: 'ok' }])
  })

  it.each([
    [{}, 'warn', 'does not look for peers'],
    [{ discovery: { port: 7, nodes: 0 } }, 'warn', 'has found nobody by UDP port 7'],
    [{ discovery: { port: 7, nodes: 3 } }, 'ok', 'knows 3 others by UDP port 7'],
  ])('asks the node that runs: %j', async (state, status, detail) => {
    const [finding] = await checkDiscovery(readConfig({ discovery: true }), running(state))
    expect(finding).toMatchObject({ status, detail: expect.stringContaining(detail) })
  })

  it.each([
    [{ nat: { mappings: [], problem: 'no router answers' } }, 'warn', 'no router answers'],
    [{ nat: { router: 'UPnP 192.0.2.1', mappings: [], problem: 'it is at 10.0.0.1' } }, 'warn', '10.0.0.1'],
    [
      { nat: { router: 'UPnP 192.0.2.1', externalIp: '203.0.113.9', mappings: [] } },
      'ok',
      'UPnP 192.0.2.1 maps the ports to 203.0.113.9',
    ],
  ])('tells what the router says: %j', async (state, status, detail) => {
    const [finding] = await checkDiscovery(readConfig({ nat: 'any' }), running(state))
    expect(finding).toMatchObject({ check: 'router', status, detail: expect.stringContaining(detail) })
  })
})
