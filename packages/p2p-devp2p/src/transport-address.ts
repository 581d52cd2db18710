/**
 * Where a node takes RLPx connections, and by what. As a URL, in the `via` parameter of an enode URL and in the entry `via`
 * of a node record:
 *
 * ```
 * tcp://<host>:<port>        ws://<host>[:80][/path]        wss://<host>[:443][/path]
 * ```
 *
 * A host is a literal address (IPv6 in brackets) or a name; who dials decides whether and by whom names are looked up.
 */
import { P2pError } from './error.ts'
import { formatHostPort } from './ip.ts'

export type TransportProtocol = 'tcp' | 'ws' | 'wss'

/** What is tried first, unless said: nothing but TCP is spoken by Go peers; what is encrypted twice goes before what is not. */
export const DEFAULT_TRANSPORT_ORDER: readonly TransportProtocol[] = ['tcp', 'wss', 'ws']

export interface TransportAddress {
  /** Literal IP address, or whatever else the transport can dial. */
  readonly host: string
  /** 0 when listening: any free one. */
  readonly port: number
  /** Absent: `tcp`. */
  readonly protocol?: TransportProtocol
  /** Of `ws` and `wss`, with its slash; absent: `/`. */
  readonly path?: string
}

const MAX_URL_CHARACTERS = 128
const URL_FORM =
  /^(tcp|ws|wss):\/\/(?:\[([0-9a-fA-F:.]{2,45})\]|([0-9A-Za-z._-]{1,100}))(?::([0-9]{1,5}))?(\/[0-9A-Za-z._~!$&'()*+,;=:@%/-]*)?$/
const DEFAULT_PORTS = { tcp: undefined, ws: 80, wss: 443 } as const

/** Undefined: not such a URL, or longer than 128 characters. */
export function readTransportUrl(text: string): TransportAddress | undefined {
  const match = text.length <= MAX_URL_CHARACTERS ? URL_FORM.exec(text) : undefined
  if (!match) return undefined
  const protocol = match[1] as TransportProtocol
  const host = (match[2] ?? match[3]) as string
  const port = match[4] === undefined ? DEFAULT_PORTS[protocol] : Number(match[4])
  if (port === undefined || port > 0xffff || (protocol === 'tcp' && match[5] !== undefined)) return undefined
  return { host, port, protocol, ...(match[5] === undefined ? {} : { path: match[5] }) }
}

/** @throws P2pError `invalid-argument` */
export function parseTransportUrl(text: string, name = 'via'): TransportAddress {
  const address = readTransportUrl(text)
  if (address) return address
  const expected = `${name}: expected tcp://host:port, ws://host[:port][/path] or wss://..., at most ${MAX_URL_CHARACTERS} characters`
  throw new P2pError('invalid-argument', expected)
}

/** The URL with its port, whatever the protocol. */
export function formatTransportUrl({ host, port, protocol = 'tcp', path = '' }: TransportAddress): string {
  return `${protocol}://${formatHostPort(host, port)}${protocol === 'tcp' ? '' : path}`
}
