/**
 * Whose connection it is when a web server stands in front: that says so in `X-Forwarded-For` or `Forwarded` (RFC 7239), and so
 * can anybody else. Only what proxies say that the operator has named counts, read from the right: each adds who asked it at the
 * end, and whatever stands before that came from there.
 *
 * Many servers pass on the header that they do not write themselves. So if both are there, both have to lead to the same address.
 */
import { BlockList } from 'node:net'
import { P2pError } from '../error.ts'
import { canonicalIp } from '../ip.ts'

/** Who connects; `fault`: a proxy of ours does not say who. */
export type ClientAddress =
  | { readonly ip: string | undefined; readonly fault?: undefined }
  | { readonly fault: string }

export interface ClientAddresses {
  isProxy(address: string | undefined): boolean
  /** @param headers of the request, as Node has them: in lower case, of the same name joined by commas */
  of(
    address: string | undefined,
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  ): ClientAddress
}

/**
 * @param trusted proxies: literal addresses, or networks as `10.0.0.0/8`. None: who connects is who connects.
 * @throws P2pError `invalid-argument`
 */
export function clientAddresses(trusted: readonly string[]): ClientAddresses {
  const proxies = new BlockList()
  for (const one of trusted) add(proxies, one)
  const isProxy = (address: string | undefined): boolean => {
    const ip = address === undefined ? undefined : canonicalIp(address)
    return ip !== undefined && proxies.check(ip, familyOf(ip))
  }
  return {
    isProxy,
    of(address, headers) {
      if (!isProxy(address)) return { ip: address }
      const told = (['x-forwarded-for', 'forwarded'] as const).flatMap((name) => {
        const chain = chainOf(headers, name)
        return chain ? [clientIn(chain, isProxy) ?? ''] : []
      })
      const [first] = told
      if (first === undefined) return { fault: 'the proxy has to send X-Forwarded-For or Forwarded' }
      if (told.includes('')) return { fault: 'no address of a client in X-Forwarded-For or Forwarded' }
      if (told.some((ip) => ip !== first))
        return { fault: 'X-Forwarded-For and Forwarded name different clients' }
      return { ip: first }
    },
  }
}

function add(proxies: BlockList, text: string): void {
  const match = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text)
  const ip = match && canonicalIp(match[1] as string)
  if (!ip) throw invalid(text)
  const bits = familyOf(ip) === 'ipv4' ? 32 : 128
  const prefix = match[2] === undefined ? bits : Number(match[2])
  if (prefix > bits) throw invalid(text)
  proxies.addSubnet(ip, prefix, familyOf(ip))
}

function invalid(text: string): P2pError {
  const got = JSON.stringify(text.slice(0, 50))
  return new P2pError(
    'invalid-argument',
    `trusted proxy: expected an address or a network, 127.0.0.1 or 10.0.0.0/8, got ${got}`,
  )
}

const familyOf = (ip: string): 'ipv4' | 'ipv6' => (ip.includes(':') ? 'ipv6' : 'ipv4')

/** From the right, over our own proxies, to the first that is none. Undefined: somebody there is not named by an address. */
function clientIn(chain: readonly string[], isProxy: (address: string) => boolean): string | undefined {
  let client: string | undefined
  for (let i = chain.length - 1; i >= 0; i--) {
    client = addressIn(chain[i] as string)
    if (client === undefined || !isProxy(client)) return client
  }
  return client
}

/** Who asked whom, the first first. Undefined: there is no such header. Empty: it cannot be read. */
function chainOf(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  name: 'x-forwarded-for' | 'forwarded',
): readonly string[] | undefined {
  const value = headers[name]
  if (value === undefined) return undefined
  const text = typeof value === 'string' ? value : value.join()
  return name === 'forwarded' ? forwardedFor(text) : text.split(',').map((part) => part.trim())
}

const PAIR = /[ \t]*([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*))[ \t]*(;|,|$)/y

/** The `for` of each element. A quote that somebody left open must not swallow what was added after it: all or nothing. */
function forwardedFor(text: string): readonly string[] {
  const chain: string[] = []
  let client = ''
  for (PAIR.lastIndex = 0; ; ) {
    const match = PAIR.exec(text)
    if (!match) return []
    const [, name = '', quoted, plain = '', delimiter] = match
    if (name.toLowerCase() === 'for') client = quoted?.replace(/\\(.)/g, '$1') ?? plain
    if (delimiter === ';') continue
    chain.push(client)
    client = ''
    if (delimiter === '') return chain
  }
}

/** Of `1.2.3.4`, `2001:db8::1`, and both with a port behind: `1.2.3.4:5`, `[2001:db8::1]:5`. */
function addressIn(text: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\](?::\d{1,5})?|(\d+\.\d+\.\d+\.\d+)(?::\d{1,5})?|([0-9a-f:.]+))$/i.exec(
    text,
  )
  return match ? canonicalIp((match[1] ?? match[2] ?? match[3]) as string) : undefined
}
