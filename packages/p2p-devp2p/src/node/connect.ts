import { connect as netConnect, Socket } from 'node:net'
import { P2pError } from '../error.ts'
import { canonicalIp, formatHostPort } from '../ip.ts'
import type { Connect } from './connect-port.ts'

/** What it resolves with is checked. @throws P2pError `invalid-argument` */
export async function connectWith(
  connect: Connect,
  to: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const socket = await connect(to.host, to.port, signal)
  if (socket instanceof Socket) return socket
  throw new P2pError('invalid-argument', 'connect: expected it to resolve with a Socket of node:net')
}

/** Undefined: closed already. */
export function localAddressOf({ localAddress, localPort }: Socket): string | undefined {
  const ip = localAddress === undefined ? undefined : canonicalIp(localAddress)
  return ip === undefined || localPort === undefined ? undefined : formatHostPort(ip, localPort)
}

/** Straight; names are looked up by the system. */
export const connectDirectly = (host: string, port: number, signal: AbortSignal): Promise<Socket> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = netConnect({ host, port })
    const fail = (error: Error) => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      reject(error)
    }
    const abort = () => fail(new Error('the attempt was given up'))
    signal.addEventListener('abort', abort, { once: true })
    socket.once('error', fail)
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort)
      socket.off('error', fail)
      resolve(socket)
    })
  })
