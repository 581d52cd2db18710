/** GET /metrics, /health and /ready for Prometheus and for whoever starts and watches the node. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Connections } from '@status-protocol/rpc/node'
import { reasonOf } from '../data-dir.ts'
import { NodeError } from '../error.ts'
import { formatHostPort, splitHostPort } from '../host-port.ts'
import { isAllowedHost } from './allowed-host.ts'
import type { Metrics } from './metrics.ts'
import type { Readiness } from './readiness.ts'

export interface OperationsServer {
  /** `host:port` with the real port. */
  readonly address: string
  close(): Promise<void>
}

export interface OperationsOptions {
  /** `host:port`; port 0: any free one. */
  readonly listen: string
  /** Names beside `localhost` and addresses that this server may be asked by. */
  readonly hostNames: readonly string[]
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  readiness(): Promise<Readiness>
  failed(error: unknown): void
}

/** At once; a newcomer takes the place of whoever holds the most. */
const CONNECTIONS = { max: 64, maxPerAddress: 16 }
const REQUEST_TIMEOUT_MS = 5_000
const IDLE_TIMEOUT_MS = 10_000
const MAX_HEADER_BYTES = 8 * 1024

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** @throws NodeError `listen` */
export async function startOperationsServer(options: OperationsOptions): Promise<OperationsServer> {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      const done = connections.work(request.socket)
      void serve(request, response, options).finally(done)
    },
  )
  const connections = new Connections(server, CONNECTIONS)
  const address = await listen(server, options.listen)
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: OperationsOptions,
): Promise<void> {
  request.resume() // a body is not read, but must not stop up the connection
  let answer: Answer
  try {
    answer = await answerTo(request, options)
  } catch (error) {
    options.failed(error)
    answer = text(500, 'this failed; the log says why')
  }
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(answer.status === 405 && { allow: 'GET, HEAD' }),
  })
  response.end(request.method === 'HEAD' ? undefined : answer.body)
}

async function answerTo(request: IncomingMessage, options: OperationsOptions): Promise<Answer> {
  if (!isAllowedHost(request.headers.host, options.hostNames))
    return text(403, 'this server does not go by that name; --metrics-host gives it one')
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'GET or HEAD')
  const path = request.url?.split('?')[0]
  if (path === '/metrics')
    return { status: 200, type: options.metrics.contentType, body: await options.metrics.text() }
  if (path === '/health') return json(200, { status: 'ok' })
  if (path === '/ready') {
    const readiness = await options.readiness()
    return json(readiness.ready ? 200 : 503, readiness)
  }
  return text(404, 'there are /metrics, /health and /ready')
}

function text(status: number, sentence: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${sentence}\n` }
}

function json(status: number, value: object): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` }
}

function listen(server: Server, where: string): Promise<string> {
  const { host, port } = splitHostPort(where)
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new NodeError(
          'listen',
          `cannot listen on ${where} (${reasonOf(error)}); choose another address with --metrics`,
        ),
      ),
    )
    server.listen(port, host, () => {
      const bound = server.address() as AddressInfo
      resolve(formatHostPort(bound.address, bound.port))
    })
  })
}
