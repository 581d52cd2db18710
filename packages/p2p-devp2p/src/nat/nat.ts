/**
 * Keeps ports mapped on a router: finds it, maps, renews before the lease ends, looks for it again when it is gone, and takes
 * everything back at the end.
 */
import { type HostClock, systemHostClock } from '../host/host-clock.ts'
import { canonicalIp, isPublicIp } from '../ip.ts'
import { sleep } from '../sleep.ts'
import type { NatMode } from './nat-mode.ts'
import type { PortMapper } from './port-mapper.ts'

export interface NatOptions {
  readonly mode: NatMode
  /** Ours, which others are to reach. */
  readonly ports: readonly { readonly protocol: 'tcp' | 'udp'; readonly port: number }[]
  /** Looks for routers, the best first: `findRouters` of `@status-protocol/p2p-devp2p/node`. */
  readonly find: (mode: NatMode) => Promise<readonly PortMapper[]>
  /** What others are to be told has changed: for `advertise` of discovery and of the host. */
  readonly changed?: (state: NatState) => void
  /** Of a mapping; default 1,200 s, as go-ethereum has it. */
  readonly leaseSeconds?: number
  readonly clock?: HostClock
}

export interface NatState {
  /** The router's name; undefined: none that maps. */
  readonly router?: string
  /** Where others reach us. Absent: not known, or the router's address is one that nobody reaches itself. */
  readonly externalIp?: string
  readonly mappings: readonly {
    readonly protocol: 'tcp' | 'udp'
    readonly port: number
    readonly externalPort: number
  }[]
  /** Why there is none. */
  readonly problem?: string
}

export interface Nat {
  readonly state: NatState
  /** Resolves when the first attempt has come to an end. */
  readonly settled: Promise<NatState>
  /** The network is back, or another one: routers are looked for at once, and the ports mapped. */
  mapNow(): void
  /** Takes the mappings back, at once; what a router is being asked for then is taken back when it has answered. */
  close(): Promise<void>
}

const DEFAULT_LEASE_SECONDS = 1_200
/** No router, or one that refuses: asked again. */
const RETRY_MS = 300_000

export function createNat(options: NatOptions): Nat {
  const { mode, ports, find, changed = () => {}, leaseSeconds = DEFAULT_LEASE_SECONDS } = options
  const clock = options.clock ?? systemHostClock
  const end = new AbortController()
  let state: NatState = { mappings: [] }
  let router: PortMapper | undefined
  /** The router may be another one, or be the same and know us by another address. */
  let isElsewhere = false
  /** Ends the rest between two rounds. */
  let wake = new AbortController()

  const set = (next: NatState): void => {
    const isNew = JSON.stringify(next) !== JSON.stringify(state)
    state = next
    if (isNew && !end.signal.aborted) changed(state)
  }

  const mapAll = async (mapper: PortMapper): Promise<number> => {
    const externalIp = await mapper.externalIp()
    const mappings: NatState['mappings'][number][] = []
    let shortestSeconds = leaseSeconds
    for (const { protocol, port } of ports) {
      if (end.signal.aborted) break
      const known = state.mappings.find((one) => one.protocol === protocol && one.port === port)
      const wish = { protocol, port, externalPort: known?.externalPort ?? port, leaseSeconds }
      const given = await mapper.map(wish)
      mappings.push({ protocol, port, externalPort: given.externalPort })
      if (given.leaseSeconds > 0) shortestSeconds = Math.min(shortestSeconds, given.leaseSeconds)
      // known to `takeBack` even if the next one fails
      state = {
        ...state,
        mappings: [...state.mappings.filter((one) => one !== known), ...mappings.slice(-1)],
      }
    }
    // a router behind a router, or one of a carrier's customers, maps for nobody
    const address = isPublicIp(externalIp)
      ? { externalIp }
      : { problem: `the router is at ${canonicalIp(externalIp) ?? 'no address'} itself` }
    set({ router: mapper.name, mappings, ...address })
    return (shortestSeconds * 1_000) / 2
  }

  const takeBack = async (mapper: PortMapper): Promise<void> => {
    const { mappings } = state
    state = { ...state, mappings: [] }
    await Promise.all(mappings.map((one) => mapper.unmap({ ...one, leaseSeconds: 0 }).catch(() => {})))
  }

  /** Whom to ask, the one that has mapped so far first. */
  const candidates = async (): Promise<readonly PortMapper[]> => {
    if (router && !isElsewhere) return [router]
    isElsewhere = false
    const found = await find(mode)
    const [old, same] = [router, found.filter(({ name }) => name === router?.name)]
    if (old && same.length === 0) {
      router = undefined
      void takeBack(old) // it is hardly there any more: not waited for
    }
    return [...same, ...found.filter((mapper) => !same.includes(mapper))]
  }

  /** Milliseconds until it is to be done again. */
  const round = async (): Promise<number> => {
    const problems: string[] = []
    for (const mapper of await candidates()) {
      if (end.signal.aborted) return RETRY_MS
      try {
        const restMs = await mapAll(mapper)
        router = mapper
        return restMs
      } catch (error) {
        router = undefined
        await takeBack(mapper) // half of the ports are of no use, and nobody would renew or remove them
        problems.push(`${mapper.name}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    set({ mappings: [], problem: problems.join('; ') || 'no router answers' })
    return RETRY_MS
  }

  const run = async (first: (state: NatState) => void): Promise<void> => {
    if (mode.type === 'none') return first(state)
    if (mode.type === 'extip') {
      const mappings = ports.map(({ protocol, port }) => ({ protocol, port, externalPort: port }))
      set({ externalIp: mode.ip, mappings })
      return first(state)
    }
    while (!end.signal.aborted) {
      wake = new AbortController()
      const hadRouter = router !== undefined
      let restMs = await round().catch(() => RETRY_MS)
      // the router that was has gone: perhaps another one is there
      if (hadRouter && !router && !end.signal.aborted) restMs = await round().catch(() => RETRY_MS)
      first(state)
      await sleep(clock, restMs, wake.signal)
    }
  }

  let running: Promise<void> = Promise.resolve()
  const settled = new Promise<NatState>((resolve) => {
    running = run(resolve)
  })

  const close = async (): Promise<void> => {
    end.abort()
    wake.abort()
    const taken = router && takeBack(router)
    await running
    await taken
    if (router) await takeBack(router) // what it gave meanwhile
  }
  let closing: Promise<void> | undefined
  return {
    get state() {
      return state
    },
    settled,
    mapNow() {
      isElsewhere = true
      wake.abort()
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}
