/** The JSON-RPC of a node: what is served to whom. */
import { systemRandom } from '@status-protocol/crypto'
import { type Clock, type Random, systemClock } from '@status-protocol/ports'
import { type Scheduler, systemScheduler, type Whisper } from '@status-protocol/whisper'
import { RpcError } from '../error.ts'
import { type OpenRpcDocument, openRpcDocument } from '../openrpc.ts'
import type { Handlers, Routes, RpcCaller } from '../route.ts'
import { createRpcServer, type RpcServer, type RpcServerOptions } from '../server.ts'
import type { ADMIN_ROUTES } from './admin.ts'
import { type MailRequestFields, MailRequests } from './mail-requests.ts'
import { MessageFilters } from './message-filters.ts'
import type { NET_ROUTES, WEB3_ROUTES } from './net.ts'
import { RateLimit } from './rate-limit.ts'
import { NODE_ROUTES, NODE_SUBSCRIPTIONS, namespaceOf } from './routes.ts'
import { shhHandlers, shhSubscriptionHandlers } from './shh-handlers.ts'
import { shhextHandlers, shhextSubscriptionHandlers } from './shhext-handlers.ts'
import { TopicBudget } from './topic-budget.ts'

/** Methods that would hand keys, or a key, to whoever listens on the way. */
export const KEY_METHODS: readonly string[] = ['shh_addPrivateKey', 'shh_getPrivateKey', 'shh_getSymKey']

/** Password keys: each is 13 ms of a processor. */
const DERIVATIONS_PER_SECOND = 20
const DERIVATIONS_AT_ONCE = 40

/** What a node's links are asked. The layer below is not known here. */
export type HostHandlers = Handlers<typeof NET_ROUTES & typeof WEB3_ROUTES & typeof ADMIN_ROUTES>

export interface NodeServerOptions extends Pick<RpcServerOptions, 'onInternalError' | 'onHandled' | 'nowMs'> {
  readonly whisper: Whisper
  readonly host: HostHandlers
  /** 64 bytes of an enode. Throws if it is none. */
  peerIdOf(enode: string): Uint8Array
  /** Of the node, for the OpenRPC document. */
  readonly version: string
  /** Which namespaces are served over which transport; `rpc` is everywhere. */
  modulesFor(transport: string): readonly string[]
  /** Whether {@link KEY_METHODS} are served over a transport. */
  servesKeys(transport: string): boolean
  /** The inside of requests for history with a password: see {@link MailRequestFields}. Default: there are none. */
  encodeMailRequest?(request: MailRequestFields, attempt: number): Uint8Array
  /** Further namespaces of the owner's. */
  readonly more?: { readonly routes: Routes; readonly handlers: Handlers<Routes> }
  /** Messages of filters had to go before anybody asked for them. */
  droppedMessages?(count: number): void
  readonly clock?: Clock
  readonly scheduler?: Scheduler
  readonly random?: Random
}

export interface NodeServer extends RpcServer {
  /** To be told of packet 125: `mail.requestComplete` of the Whisper node. */
  readonly mailRequests: MailRequests
  readonly stats: () => { readonly filters: number; readonly filteredBytes: number }
  close(): void
}

export function createNodeServer(options: NodeServerOptions): NodeServer {
  const { clock = systemClock, scheduler = systemScheduler, random = systemRandom } = options
  const { whisper, peerIdOf, droppedMessages, version, modulesFor, more } = options
  const wanted = new TopicBudget()
  const filters = new MessageFilters({
    ...{ service: whisper.service, clock, scheduler, random, wanted },
    ...(droppedMessages && { dropped: droppedMessages }),
  })
  const mailRequests = new MailRequests({
    ...{ clock, scheduler, random, peerIdOf },
    encode: options.encodeMailRequest?.bind(options),
  })
  const derivations = new RateLimit({
    ...{ clock, burst: DERIVATIONS_AT_ONCE, perSecond: DERIVATIONS_PER_SECOND },
    what: 'derivations of keys',
  })
  const posts = { running: 0 }
  const context = { whisper, filters, wanted, derivations, posts, mailRequests, peerIdOf }
  const routes = { ...NODE_ROUTES, ...more?.routes }
  const isAvailable = (method: string, { transport }: RpcCaller): boolean => {
    const namespace = namespaceOf(method)
    return namespace === 'rpc' || modulesFor(transport).includes(namespace)
  }
  /** By transport, of which the owner has few. What takes a millisecond to make is not made for whoever asks. */
  const documents = new Map<string, OpenRpcDocument>()
  const describe = (caller: RpcCaller): OpenRpcDocument => {
    const document = openRpcDocument(routes, {
      title: 'JSON-RPC of a Status Protocol node',
      version,
      subscriptions: NODE_SUBSCRIPTIONS,
      isAvailable: (method) => isAvailable(method, caller),
    })
    documents.set(caller.transport, document)
    return document
  }
  const handlers: Handlers<typeof NODE_ROUTES> = {
    ...guardKeys(shhHandlers(context), options),
    ...shhextHandlers(context),
    ...options.host,
    rpc_modules: (_params, { transport }) =>
      Object.fromEntries([...new Set([...modulesFor(transport), 'rpc'])].sort().map((name) => [name, '1.0'])),
    'rpc.discover': (_params, caller) => ({ ...(documents.get(caller.transport) ?? describe(caller)) }),
  }
  const server = createRpcServer(
    routes,
    { ...more?.handlers, ...handlers },
    {
      ...pick(options),
      isAvailable,
      subscriptions: {
        routes: NODE_SUBSCRIPTIONS,
        handlers: { shh: shhSubscriptionHandlers(context), shhext: shhextSubscriptionHandlers(context) },
        random,
      },
    },
  )
  return {
    ...server,
    mailRequests,
    stats: () => ({ filters: filters.size, filteredBytes: filters.bytes }),
    close() {
      filters.close()
      mailRequests.close()
    },
  }
}

function pick({ onInternalError, onHandled, nowMs }: NodeServerOptions): RpcServerOptions {
  return {
    ...(onInternalError && { onInternalError }),
    ...(onHandled && { onHandled }),
    ...(nowMs && { nowMs }),
  }
}

type ShhHandlers = ReturnType<typeof shhHandlers>

function guardKeys(handlers: ShhHandlers, { servesKeys }: NodeServerOptions): ShhHandlers {
  const expectServed = (method: string, { transport }: RpcCaller): void => {
    if (servesKeys(transport)) return
    throw new RpcError(
      'refused',
      `${method} is refused over ${transport}: use the IPC socket, or start the node with --rpc-unsafe-keys`,
    )
  }
  return {
    ...handlers,
    shh_addPrivateKey: (params, caller) => {
      expectServed('shh_addPrivateKey', caller)
      return handlers.shh_addPrivateKey(params, caller)
    },
    shh_getPrivateKey: (params, caller) => {
      expectServed('shh_getPrivateKey', caller)
      return handlers.shh_getPrivateKey(params, caller)
    },
    shh_getSymKey: (params, caller) => {
      expectServed('shh_getSymKey', caller)
      return handlers.shh_getSymKey(params, caller)
    },
  }
}
