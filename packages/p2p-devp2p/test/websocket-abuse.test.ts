/** What a peer can do to a WebSocket beside the frames in it. */
import { connect } from 'node:net'
import type { ByteStream, Transport } from '@status-protocol/p2p-devp2p'
import { webSocketTransport as webTransport } from '@status-protocol/p2p-devp2p/web'
import { webSocketTransport } from '@status-protocol/p2p-devp2p/websocket'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { until } from './support/hosts.ts'
import { TLS_CERT, TLS_KEY } from './support/tls.ts'

const LARGE = new Uint8Array(1_000_000).map((_, i) => i % 251)
const MAX_PIECE = 65_536

async function listen(transport: Transport = webSocketTransport(), protocol: 'ws' | 'wss' = 'ws') {
  const streams: ByteStream[] = []
  const at = { protocol, host: '127.0.0.1', port: 0, path: '/p2p' } as const
  const listener = await transport.listen(at, (stream) => streams.push(stream))
  return { listener, streams, url: `ws://127.0.0.1:${listener.address.port}/p2p` }
}

/** Reads one piece, then pauses, until it is told to go on. */
function reader(stream: ByteStream) {
  const read = { pieces: [] as Uint8Array[], closed: 0, greedy: false }
  stream.start({
    data(bytes) {
      read.pieces.push(bytes.slice())
      if (!read.greedy) stream.pause()
    },
    drained() {},
    closed: () => read.closed++,
  })
  return read
}

const lengthOf = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, { length }) => sum + length, 0)

describe('a message much larger than a frame', () => {
  it('is handed on in pieces, as fast as they are wanted, the end after them', async () => {
    const { listener, streams, url } = await listen()
    const socket = new WebSocket(url)
    await new Promise((resolve) => socket.once('open', resolve))
    const [stream] = streams as [ByteStream]
    const read = reader(stream)
    socket.send(LARGE)
    socket.send(LARGE)
    socket.close()
    await until(() => read.pieces.length > 0, 'a piece')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([read.pieces.length, read.pieces[0]?.length, read.closed]).toEqual([1, MAX_PIECE, 0])
    stream.resume()
    expect(read.pieces).toHaveLength(2)
    read.greedy = true
    stream.resume()
    await until(() => read.closed > 0, 'the end')
    expect([lengthOf(read.pieces), read.closed]).toEqual([2 * LARGE.length, 1])
    expect(Buffer.concat(read.pieces).equals(Buffer.concat([LARGE, LARGE]))).toBe(true)
    await listener.close()
  })

  it('in a browser too', async () => {
    const { listener, streams, url } = await listen()
    const web = webTransport({ WebSocket: WebSocket as never })
    const to = { protocol: 'ws', host: '127.0.0.1', port: Number(new URL(url).port), path: '/p2p' } as const
    const stream = await web.dial(to, new AbortController().signal)
    const [other] = streams as [ByteStream]
    other.start({ data() {}, drained() {}, closed() {} })
    other.write(LARGE)
    const read = reader(stream)
    await until(() => read.pieces.length > 0, 'a piece')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([read.pieces.length, read.pieces[0]?.length]).toEqual([1, MAX_PIECE])
    read.greedy = true
    stream.resume()
    await until(() => lengthOf(read.pieces) === LARGE.length, 'all')
    stream.destroy()
    other.destroy()
    await listener.close()
  })
})

describe('a socket that is not for us is given up', () => {
  it('after an upgrade of another path, also by who does not close its side', async () => {
    const { listener } = await listen()
    const silent = connect({ host: '127.0.0.1', port: listener.address.port, allowHalfOpen: true })
    silent.on('error', () => {})
    const answered = new Promise((resolve) => silent.once('data', resolve))
    const headers = 'host: x\r\nconnection: upgrade\r\nupgrade: websocket'
    silent.write(`GET /other HTTP/1.1\r\n${headers}\r\n\r\n`)
    expect(String(await answered)).toContain('404')
    await listener.close() // waits for all sockets
    silent.destroy()
  })

  it('when it says nothing before TLS', async () => {
    const tls = { key: TLS_KEY, cert: TLS_CERT }
    const { listener } = await listen(webSocketTransport({ tls }), 'wss')
    const silent = connect({ host: '127.0.0.1', port: listener.address.port })
    silent.on('error', () => {})
    await new Promise((resolve) => silent.once('close', resolve))
    await listener.close()
  }, 20_000)
})
