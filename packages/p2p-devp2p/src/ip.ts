/**
 * Literal IP addresses: text <-> 4 or 16 bytes. No names, no zones, no look-ups.
 *
 * An IPv4 address written as IPv6 (`::ffff:1.2.3.4`) is the IPv4 address, as go-ethereum has it.
 */

const MAPPED_PREFIX: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

/** 4 or 16 bytes of a literal address, or undefined if the text is none. */
export function parseIp(text: string): Uint8Array | undefined {
  if (text.length > 45) return undefined
  return text.includes(':') ? shortened(parseIpv6(text)) : parseIpv4(text)
}

/**
 * `1.2.3.4`, or RFC 5952 text of 16 bytes (lower case, longest run of zeros as `::`); undefined for any other length.
 */
export function formatIp(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length !== 16) return undefined
  const short = shortened(bytes) as Uint8Array
  return short.length === 4 ? short.join('.') : formatIpv6(short)
}

/** The one spelling of an address, so that texts can be compared; undefined if it is none. */
export function canonicalIp(text: string): string | undefined {
  const bytes = parseIp(text)
  return bytes && formatIp(bytes)
}

/**
 * Loopback, private and link-local addresses: 127/8, 10/8, 172.16/12, 192.168/16, 169.254/16, ::1, fc00::/7, fe80::/10.
 */
export function isLocalIp(text: string): boolean {
  const bytes = parseIp(text)
  if (!bytes) return false
  const [a, b] = [bytes[0] as number, bytes[1] as number]
  if (bytes.length === 4)
    return (
      a === 127 ||
      a === 10 ||
      (a === 172 && b >= 16 && b <= 31) ||
      (a === 192 && b === 168) ||
      (a === 169 && b === 254)
    )
  const isLoopback = bytes[15] === 1 && bytes.subarray(0, 15).every((byte) => byte === 0)
  return isLoopback || (a & 0xfe) === 0xfc || (a === 0xfe && (b & 0xc0) === 0x80)
}

/**
 * A unicast address that others on the Internet may reach: neither local, nor one that a carrier's customers share (100.64/10), nor
 * 0/8, 224/4, 240/4; of IPv6 what is in 2000::/3.
 */
export function isPublicIp(text: string): boolean {
  const bytes = parseIp(text)
  if (!bytes || isLocalIp(text)) return false
  const [a, b] = [bytes[0] as number, bytes[1] as number]
  if (bytes.length === 4) return a > 0 && a < 224 && !(a === 100 && (b & 0xc0) === 64)
  return (a & 0xe0) === 0x20
}

/** `1.2.3.4:30303` or `[::1]:30303`. */
export function formatHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/**
 * Host and port of `host:port`; an IPv6 address stands in brackets. The host is not checked. Undefined if there is no
 * port of 0 .. 65535.
 */
export function splitHostPort(text: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:\[([^\]]{1,64})\]|([^:[\]]{1,255})):([0-9]{1,5})$/.exec(text)
  if (!match) return undefined
  const port = Number(match[3])
  return port <= 0xffff ? { host: (match[1] ?? match[2]) as string, port } : undefined
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255))
    return undefined
  return Uint8Array.from(parts, Number)
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = [groups(halves[0] as string), groups(halves[1] ?? '')]
  if (!head || !tail) return undefined
  // an embedded IPv4 address may only end the whole text
  if (halves.length === 2 && (halves[0] as string).includes('.')) return undefined
  const missing = 16 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined
  return Uint8Array.from([...head, ...new Array<number>(missing).fill(0), ...tail])
}

/** Bytes of colon-separated groups; the last one may be an IPv4 address. */
function groups(text: string): number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const bytes: number[] = []
  for (const [i, part] of parts.entries()) {
    if (part.includes('.')) {
      const v4 = i === parts.length - 1 ? parseIpv4(part) : undefined
      if (!v4) return undefined
      bytes.push(...v4)
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined
      const value = Number.parseInt(part, 16)
      bytes.push(value >> 8, value & 0xff)
    }
  }
  return bytes
}

function shortened(bytes: Uint8Array | undefined): Uint8Array | undefined {
  if (bytes?.length === 16 && MAPPED_PREFIX.every((byte, i) => bytes[i] === byte)) return bytes.slice(12)
  return bytes
}

function formatIpv6(bytes: Uint8Array): string {
  const words = Array.from(
    { length: 8 },
    (_, i) => ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number),
  )
  const { start, length } = longestZeroRun(words)
  const text = (part: readonly number[]) => part.map((word) => word.toString(16)).join(':')
  if (length < 2) return text(words)
  return `${text(words.slice(0, start))}::${text(words.slice(start + length))}`
}

function longestZeroRun(words: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let i = 0; i < words.length; i++) {
    let length = 0
    while (words[i + length] === 0) length++
    if (length > best.length) best = { start: i, length }
  }
  return best
}
