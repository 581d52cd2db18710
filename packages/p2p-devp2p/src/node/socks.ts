/**
 * TCP connections through a SOCKS5 proxy: Tor, or any other. The proxy looks names up (`.onion` ones too); no query leaves this
 * machine.
 */
import { SocksClient } from 'socks'
import { P2pError } from '../error.ts'
import { canonicalIp } from '../ip.ts'
import { connectDirectly } from './connect.ts'
import type { Connect } from './connect-port.ts'

const PROXY =
  /^socks5h?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?(?:\[([0-9a-fA-F:.]+)\]|([^:/[\]]+)):([0-9]{1,5})\/?$/
const TIMEOUT_MS = 60_000

/**
 * For `tcpTransport({ connect })` and `webSocketTransport({ connect })`.
 *
 * @param proxy `socks5://[user:password@]127.0.0.1:9050`; the host is a literal address or `localhost`. Different user names make
 * Tor take different circuits.
 * @throws P2pError `invalid-argument`
 */
export function socksConnect(proxy: string): Connect {
  const { host, port, user, password } = parseProxy(proxy)
  return async (destinationHost, destinationPort, signal) => {
    const socket = await connectDirectly(host, port, signal)
    const client = new SocksClient({
      proxy: { host, port, type: 5, ...(user !== undefined && { userId: user, password: password ?? '' }) },
      command: 'connect',
      destination: { host: destinationHost, port: destinationPort },
      timeout: TIMEOUT_MS,
    })
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        signal.removeEventListener('abort', abort)
        socket.destroy()
        reject(new Error(why))
      }
      const abort = () => fail('the attempt was given up')
      signal.addEventListener('abort', abort, { once: true })
      client.on('error', ({ message }) => fail(`proxy: ${reasonOf(message)}`))
      client.on('established', () => {
        signal.removeEventListener('abort', abort)
        resolve(socket)
      })
      client.connect(socket)
    })
  }
}

/** What the library has no word for: answers that are not of SOCKS5. */
function reasonOf(message: string): string {
  if (message.includes('internal error')) return 'an answer before it was asked for'
  return message
    .replace(/ - Granted$/, ' - in an answer that is not of SOCKS5')
    .replace(/ - undefined$/, ' - with a code that SOCKS5 does not have')
}

function parseProxy(text: string): {
  readonly host: string
  readonly port: number
  readonly user: string | undefined
  readonly password: string | undefined
} {
  const match = PROXY.exec(text)
  const name = match?.[3] ?? match?.[4]
  const host = name === 'localhost' ? '127.0.0.1' : name && canonicalIp(name)
  const port = Number(match?.[5])
  const [user, password] = [decodePart(match?.[1]), decodePart(match?.[2])]
  // the text may hold a password: it is not shown
  if (!match || host === undefined || !(port > 0 && port <= 0xffff) || user === null || password === null)
    throw new P2pError(
      'invalid-argument',
      `proxy: expected socks5://[user:password@]<literal address>:<port>, user and password of at most ${MAX_PART_BYTES} bytes`,
    )
  return { host, port, user, password }
}

/** Of a name or password, as one byte tells its length (RFC 1929). */
const MAX_PART_BYTES = 255

/** Null: it is no percent-encoded text, or too long. */
function decodePart(part: string | undefined): string | undefined | null {
  if (part === undefined) return undefined
  try {
    const text = decodeURIComponent(part)
    return Buffer.byteLength(text) <= MAX_PART_BYTES ? text : null
  } catch {
    return null
  }
}
