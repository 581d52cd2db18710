/** The JSON-RPC of the node over HTTP, WebSocket and a Unix socket, as far as it was asked for. */
import { isIPv4 } from 'node:net'
import { join, resolve } from 'node:path'
import { systemRandom } from '@status-protocol/crypto'
import { encodeMailRequest } from '@status-protocol/mailserver'
import type { Host } from '@status-protocol/p2p-devp2p'
import { clientAddresses } from '@status-protocol/p2p-devp2p/websocket'
import { createNodeServer, type NodeServer, type NodeServerOptions } from '@status-protocol/rpc'
import {
  type HttpClients,
  ListenError,
  listenHttp,
  listenIpc,
  loadToken,
  type RpcListener,
} from '@status-protocol/rpc/node'
import type { Whisper } from '@status-protocol/whisper'
import type { Config } from './config.ts'
import { NodeError } from './error.ts'
import { splitHostPort } from './host-port.ts'
import type { Logger } from './log.ts'
import type { Network } from './p2p/network.ts'
import { hostHandlers, peerIdOf } from './rpc-handlers.ts'
import { RPC_MODULES } from './rpc-modules.ts'
import { VERSION } from './version.ts'

/** Clients that are not on this machine have to know what this file of the data directory says. */
export const TOKEN_FILE = 'rpc-token'
/** Of the Unix socket, in the data directory, if it has no other place. */
export const IPC_FILE = 'status-node.ipc'

export interface RpcOptions {
  readonly config: Config
  readonly log: Logger
  readonly whisper: Whisper
  readonly host: Host
  readonly network: Network
  /** Told of every answer, for metrics. */
  readonly onCall?: ((method: string, milliseconds: number, outcome: string) => void) | undefined
  /** Further namespaces. */
  readonly more?: NonNullable<NodeServerOptions['more']>
}

export interface RunningRpc {
  /** Where it listens: `host:port`, a path. */
  readonly addresses: RpcAddresses
  /** Packet 125 goes to them. */
  readonly mailRequests: NodeServer['mailRequests']
  readonly stats: NodeServer['stats']
  close(): Promise<void>
}

export interface RpcAddresses {
  readonly http?: string
  readonly ws?: string
  readonly ipc?: string
}

/** @throws NodeError `listen` */
export async function startRpc(options: RpcOptions): Promise<RunningRpc> {
  const { config, log } = options
  const server = serverFor(options)
  const listeners: RpcListener[] = []
  const close = async (): Promise<void> => {
    server.close()
    await Promise.all(listeners.map((listener) => listener.close()))
  }
  const listen = async (listener: Promise<RpcListener>): Promise<string> => {
    const ready = await listener
    listeners.push(ready)
    return ready.address
  }
  try {
    const { http, ws, ipc } = config
    const both = http !== undefined && http === ws && splitHostPort(http).port !== 0
    const httpAddress = http && (await listen(listenAt(http, { server, config, log, ws: both })))
    const wsAddress = both
      ? httpAddress
      : ws && (await listen(listenAt(ws, { server, config, log, http: false, ws: true })))
    const ipcAddress =
      ipc !== undefined && (await listen(listenIpc({ server, path: ipcPath(ipc, config.dataDir) })))
    const addresses = {
      ...(httpAddress && { http: httpAddress }),
      ...(wsAddress && { ws: wsAddress }),
      ...(ipcAddress && { ipc: ipcAddress }),
    }
    return { addresses, mailRequests: server.mailRequests, stats: server.stats, close }
  } catch (error) {
    await close()
    if (error instanceof ListenError) throw new NodeError('listen', `JSON-RPC: ${error.message}`)
    throw error
  }
}

function serverFor({ config, log, whisper, host, network, onCall, more }: RpcOptions): NodeServer {
  return createNodeServer({
    whisper,
    host: hostHandlers(host, whisper, network),
    peerIdOf,
    version: VERSION,
    // From 0.39 on; 0.36 reads only the other one.
    encodeMailRequest: ({ fromUnixSeconds, toUnixSeconds, ...rest }, attempt) =>
      encodeMailRequest(
        {
          lowerUnixSeconds: fromUnixSeconds,
          upperUnixSeconds: toUnixSeconds,
          ...rest,
          topics: [],
          batch: true,
        },
        attempt % 2 === 0 ? 'v055' : 'v036',
      ),
    modulesFor: (transport) => (transport === 'ipc' ? RPC_MODULES : config.rpcModules),
    servesKeys: (transport) => transport === 'ipc' || config.rpcUnsafeKeys,
    onInternalError: (method, error) => log.error({ method, err: error }, 'a request failed'),
    droppedMessages: (count) =>
      log.warn({ count }, 'messages of filters were dropped: nobody asked for them'),
    nowMs: () => performance.now(),
    ...(more && { more }),
    ...(onCall && {
      onHandled: ({ method, ok, startedMs }) =>
        onCall(method, performance.now() - startedMs, ok ? 'ok' : 'error'),
    }),
  })
}

interface ListenAt {
  readonly server: NodeServer
  readonly config: Config
  readonly log: Logger
  readonly http?: boolean
  readonly ws?: boolean
}

function listenAt(address: string, { server, config, log, ...what }: ListenAt): Promise<RpcListener> {
  const { host, port } = splitHostPort(address)
  const token = isLoopback(host) ? undefined : loadToken(join(config.dataDir, TOKEN_FILE), systemRandom)
  if (token !== undefined)
    log.warn(
      { address, tokenFile: join(config.dataDir, TOKEN_FILE) },
      'JSON-RPC can be reached from elsewhere, without encryption: clients need the token, and a tunnel or proxy with TLS',
    )
  const clients = clientsBehind(config.trustedProxy)
  const guard = { token, hosts: config.rpcHost, origins: config.rpcOrigin, clients }
  return listenHttp({ server, host, port, ...guard, ...what })
}

/** Programs beside the proxy ask without it, and then say nothing of others. */
function clientsBehind(trustedProxies: readonly string[]): HttpClients {
  const clients = clientAddresses(trustedProxies)
  return {
    isProxy: clients.isProxy,
    of(address, headers) {
      const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
      return isForwarded ? clients.of(address, headers) : { ip: address }
    },
  }
}

/** Only this machine can connect there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

function ipcPath(ipc: string | true, dataDir: string): string {
  return resolve(ipc === true ? join(dataDir, IPC_FILE) : ipc)
}
