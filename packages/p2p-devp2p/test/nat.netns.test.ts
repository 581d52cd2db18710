/**
 * Port mapping with a real router (miniupnpd) between real network stacks. Needs Linux, root, `ip`, `nft` and `miniupnpd`:
 *
 *   NETNS=1 npx vitest run --project unit nat.netns
 */
import { afterEach, describe, expect, it } from 'vitest'
import { EXTERNAL_IP, HOME_IP, HomeNetwork, netnsProblem, ROUTER_IP } from './support/netns.ts'

const problem = netnsProblem()

describe.skipIf(problem)(`behind a router${problem ? ` (skipped: ${problem})` : ''}`, () => {
  let network: HomeNetwork | undefined
  afterEach(() => network?.close())
  const start = async (speaks: { upnp: boolean; pmp: boolean }): Promise<HomeNetwork> => {
    network = new HomeNetwork()
    await network.start(speaks)
    return network
  }
  const both = ['tcp 30303 -> 192.168.77.2:30303', 'udp 30303 -> 192.168.77.2:30303']

  it.each([
    ['upnp', { upnp: true, pmp: false }, `UPnP ${ROUTER_IP}`],
    ['pmp', { upnp: false, pmp: true }, `NAT-PMP ${ROUTER_IP}`],
    [`pmp:${ROUTER_IP}`, { upnp: true, pmp: true }, `NAT-PMP ${ROUTER_IP}`],
    ['any', { upnp: true, pmp: false }, `UPnP ${ROUTER_IP}`],
  ])(
    '%s: a peer outside reaches us through the mapping, which is taken back at the end',
    async (mode, speaks, name) => {
      const net = await start(speaks)
      const home = await net.run('home', 'nat-home.ts', [mode, HOME_IP, '1200'])
      expect(home.said).toMatchObject({ router: name, externalIp: EXTERNAL_IP })
      expect(home.said.enode).toContain(`@${EXTERNAL_IP}:30303`)
      expect([...net.mappings()].sort()).toEqual(both)
      const outside = await net.run('outside', 'nat-outside.ts', [String(home.said.enode)])
      expect(outside.said).toEqual({ type: 'link-up' })
      await Promise.all([outside.end(), home.end()])
      expect(net.mappings()).toEqual([])
    },
    60_000,
  )

  it('none: nobody outside reaches us', async () => {
    const net = await start({ upnp: true, pmp: true })
    const home = await net.run('home', 'nat-home.ts', ['none', HOME_IP, '1200'])
    expect(net.mappings()).toEqual([])
    const enode = String(home.said.enode).replace(HOME_IP, EXTERNAL_IP)
    expect((await net.run('outside', 'nat-outside.ts', [enode])).said).toEqual({ type: 'dial-failed' })
    await home.end()
  }, 60_000)

  it('a mapping that is renewed outlives its lease', async () => {
    const net = await start({ upnp: false, pmp: true })
    const home = await net.run('home', 'nat-home.ts', ['pmp', HOME_IP, '4'])
    await new Promise((resolve) => setTimeout(resolve, 9_000))
    expect([...net.mappings()].sort()).toEqual(both)
    await home.end()
    expect(net.mappings()).toEqual([])
  }, 60_000)

  it('a router that maps nothing: said, and we go on', async () => {
    const net = await start({ upnp: false, pmp: false }).catch(() => network as HomeNetwork)
    const home = await net.run('home', 'nat-home.ts', ['any', HOME_IP, '1200'])
    expect(home.said).toMatchObject({ mappings: [], problem: 'no router answers' })
    await home.end()
  }, 60_000)
})
