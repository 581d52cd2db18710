/** Routers on this network: NAT-PMP and UPnP over sockets of Node. */
import { createSocket, type Socket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { canonicalIp, isLocalIp } from '../ip.ts'
import type { NatMode } from '../nat/nat-mode.ts'
import { PMP_PORT, type PmpAnswer, pmpAddressRequest, pmpMapRequest, readPmpAnswer } from '../nat/nat-pmp.ts'
import type { PortMapper, PortWish } from '../nat/port-mapper.ts'
import {
  addFields,
  deleteFields,
  MAX_UPNP_BYTES,
  readDescription,
  readSsdpAnswer,
  SSDP_ADDRESS,
  SSDP_PORT,
  soapRequest,
  ssdpSearches,
  textOf,
  UpnpRefusal,
  type UpnpService,
} from '../nat/upnp.ts'

/** RFC 6886: doubled after each try; the ninth would be after a minute, which nobody waits for. */
const PMP_FIRST_WAIT_MS = 250
const PMP_TRIES = 4
const SSDP_WAIT_MS = 2_000
const HTTP_TIMEOUT_MS = 5_000
/** Routers that are looked at. */
const MAX_ROUTERS = 8

/** Routers that answer. For `createNat`. */
export async function findRouters(mode: NatMode): Promise<readonly PortMapper[]> {
  const wantsUpnp = mode.type === 'any' || mode.type === 'upnp'
  const wantsPmp = mode.type === 'any' || mode.type === 'pmp'
  const gateways = mode.type === 'pmp' && mode.gateway !== undefined ? [mode.gateway] : possibleGateways()
  const found = await Promise.all([
    wantsUpnp ? findUpnp() : [],
    ...(wantsPmp ? gateways.map((gateway) => findPmp(gateway)) : []),
  ])
  return found.flat().slice(0, MAX_ROUTERS)
}

async function findPmp(gateway: string): Promise<readonly PortMapper[]> {
  const mapper = pmpMapper(gateway)
  return mapper.externalIp().then(
    () => [mapper],
    () => [],
  )
}

/** @param options.port for tests */
export function pmpMapper(
  gateway: string,
  { port: at = PMP_PORT }: { readonly port?: number } = {},
): PortMapper {
  const ask = async <T extends PmpAnswer['type']>(
    bytes: Uint8Array,
    fits: (answer: PmpAnswer) => boolean,
    type: T,
  ): Promise<Extract<PmpAnswer, { type: T }>> => {
    const isOurs = (answer: PmpAnswer) =>
      answer.type === 'refused' ? answer.op === bytes[1] : answer.type === type && fits(answer)
    const answer = await exchange(gateway, at, bytes, isOurs)
    if (answer.type === 'refused') throw new Error(`the router refuses: ${answer.why}`)
    return answer as Extract<PmpAnswer, { type: T }>
  }
  const map = (wish: PortWish) =>
    ask(
      pmpMapRequest(wish),
      (answer) => answer.type === 'mapping' && answer.protocol === wish.protocol && answer.port === wish.port,
      'mapping',
    )
  return {
    name: `NAT-PMP ${gateway}`,
    externalIp: async () => (await ask(pmpAddressRequest(), () => true, 'address')).ip,
    map,
    // RFC 6886 3.4: no lease and no external port take it back
    unmap: async (wish) => void (await map({ ...wish, externalPort: 0, leaseSeconds: 0 })),
  }
}

/** Sends until an answer comes. The socket is connected: nobody else can answer. */
function exchange(
  gateway: string,
  port: number,
  bytes: Uint8Array,
  isOurs: (answer: PmpAnswer) => boolean,
): Promise<PmpAnswer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(gateway.includes(':') ? 'udp6' : 'udp4')
    let timer: NodeJS.Timeout | undefined
    let ended = false
    const end = (settle: () => void) => {
      if (ended) return // a socket that is closed twice throws
      ended = true
      clearTimeout(timer)
      socket.close()
      settle()
    }
    const attempt = (left: number, waitMs: number) => {
      socket.send(bytes, () => {})
      timer = setTimeout(() => {
        if (left > 1) attempt(left - 1, waitMs * 2)
        else end(() => reject(new Error('no answer')))
      }, waitMs)
    }
    socket.on('error', (error) => end(() => reject(error)))
    socket.on('message', (message) => {
      const answer = readPmpAnswer(message)
      if (answer && isOurs(answer)) end(() => resolve(answer))
    })
    socket.connect(port, gateway, (error?: Error) => {
      if (error)
        end(() => reject(error)) // no way there: the network is down
      else attempt(PMP_TRIES, PMP_FIRST_WAIT_MS)
    })
  })
}

async function findUpnp(): Promise<readonly PortMapper[]> {
  const locations = (await Promise.all(localAddresses().map((address) => searchFrom(address)))).flat()
  const unique = [...new Map(locations.map((one) => [one.location.href, one])).values()].slice(0, MAX_ROUTERS)
  const mappers = unique.map(async ({ location, local }) => {
    const service = readDescription(await http(location, { method: 'GET', body: '', headers: {} }), location)
    return service ? [upnpMapper(service, local)] : []
  })
  return (await Promise.all(mappers.map((mapper) => mapper.catch(() => [])))).flat()
}

function searchFrom(local: string): Promise<readonly { readonly location: URL; readonly local: string }[]> {
  return new Promise((resolve) => {
    const found: { readonly location: URL; readonly local: string }[] = []
    const socket: Socket = createSocket('udp4')
    const end = () => {
      socket.close()
      resolve(found)
    }
    socket.on('error', end)
    socket.on('message', (message, { address }) => {
      const location = readSsdpAnswer(message.toString('latin1'), address)
      if (location && found.length < MAX_ROUTERS) found.push({ location, local })
    })
    socket.bind({ address: local, port: 0 }, () => {
      socket.off('error', end)
      socket.on('error', () => {})
      for (const text of ssdpSearches()) socket.send(text, SSDP_PORT, SSDP_ADDRESS, () => {})
      setTimeout(end, SSDP_WAIT_MS)
    })
  })
}

/** A UPnP error that says what to do about it. */
const CONFLICT = 718
const ONLY_PERMANENT = 725
const PORT_TRIES = 3

function upnpMapper(service: UpnpService, local: string): PortMapper {
  const call = (action: string, fields: Parameters<typeof soapRequest>[2]) =>
    http(service.controlUrl, { method: 'POST', ...soapRequest(service.type, action, fields) })
  const add = async (wish: PortWish): Promise<number> => {
    try {
      await call('AddPortMapping', addFields(wish, local))
      return wish.leaseSeconds
    } catch (error) {
      if (!(error instanceof UpnpRefusal) || error.number !== ONLY_PERMANENT) throw error
      await call('AddPortMapping', addFields({ ...wish, leaseSeconds: 0 }, local))
      return 0
    }
  }
  return {
    name: `UPnP ${service.controlUrl.hostname}`,
    async externalIp() {
      const ip = canonicalIp(textOf('NewExternalIPAddress', await call('GetExternalIPAddress', [])) ?? '')
      if (ip === undefined) throw new Error('the router has no address on the other side')
      return ip
    },
    async map(wish) {
      for (let i = 0; ; i++) {
        const externalPort = 1_024 + ((wish.externalPort - 1_024 + i * 7_919) % 64_000)
        try {
          return { externalPort, leaseSeconds: await add({ ...wish, externalPort }) }
        } catch (error) {
          const isTaken = error instanceof UpnpRefusal && error.number === CONFLICT
          if (!isTaken || i + 1 >= PORT_TRIES) throw error
        }
      }
    },
    unmap: async (wish) => void (await call('DeletePortMapping', deleteFields(wish))),
  }
}

/** The body of a success. @throws UpnpRefusal */
function http(
  url: URL,
  { method, headers, body }: { method: string; headers: Readonly<Record<string, string>>; body: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) }
    const signal = AbortSignal.timeout(HTTP_TIMEOUT_MS)
    const asked = request(url, { method, headers: { ...headers, ...length }, signal }, (response) => {
      const parts: Buffer[] = []
      let bytes = 0
      response.on('data', (part: Buffer) => {
        bytes += part.length
        if (bytes > MAX_UPNP_BYTES) response.destroy(new Error('the router says too much'))
        else parts.push(part)
      })
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        const status = response.statusCode ?? 0
        if (status >= 200 && status < 300) resolve(text)
        else reject(new UpnpRefusal(status, text))
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

function localAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal, address }) => family === 'IPv4' && !internal && isLocalIp(address))
    .map(({ address }) => address)
}

/** The router of the default route; where that is not told, the first address of each private network, as go-ethereum guesses. */
function possibleGateways(): readonly string[] {
  const routed = defaultGateways()
  if (routed.length > 0) return routed
  return [...new Set(localAddresses().map((address) => `${address.split('.').slice(0, 3).join('.')}.1`))]
}

/** Linux tells in /proc/net/route: destination, gateway, in hex and little-endian. */
function defaultGateways(): readonly string[] {
  try {
    return readFileSync('/proc/net/route', 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'))
      .filter(([, destination, gateway]) => destination === '00000000' && gateway !== '00000000')
      .map(([, , gateway]) => [...Buffer.from(gateway ?? '', 'hex')].reverse().join('.'))
      .filter((ip) => canonicalIp(ip) !== undefined)
  } catch {
    return []
  }
}
