import { connect as netConnect, type Socket } from 'node:net'

/** Makes a TCP connection; `signal` ends the attempt. */
export type Connect = (host: string, port: number, signal: AbortSignal) => Promise<Socket>

/** Straight; names are looked up by the system. */
export const connectDirectly: Connect = (host, port, signal) =>
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
