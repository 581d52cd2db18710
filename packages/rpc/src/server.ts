/**
 * JSON-RPC 2.0 (https://www.jsonrpc.org/specification) over texts: one text in, one text or none out.
 * Batches and notifications as the specification has them; parameters by position, named subscriptions and error texts as
 * geth has them. Never throws and never rejects.
 */
import { CodedError } from '@status-protocol/bytes'
import type { Random } from '@status-protocol/ports'
import type { z } from 'zod'
import { RPC_ERROR_NUMBERS, RpcError } from './error.ts'
import { isTooDeep, MAX_NESTING } from './nesting.ts'
import type { Handlers, Route, Routes, RpcCaller, SubscriptionHandlers, SubscriptionRoutes } from './route.ts'
import { SubscriptionTable } from './subscription-table.ts'

/** Requests in one batch; more are refused as a whole, so that one text cannot start unbounded work. */
export const MAX_BATCH_REQUESTS = 100

/** Longest text that is looked at. The largest envelope there is makes 2.1 M digits of hex. */
export const MAX_TEXT_CHARS: number = 5 * 1024 * 1024

/** Once a batch has been answered with so much, the rest of it is refused. */
export const MAX_BATCH_ANSWER_CHARS: number = 4 * 1024 * 1024

export interface RpcServer {
  /** The answer to one text, or undefined where nothing is to be said (notifications). For who cannot be notified. */
  handle(text: string, caller?: RpcCaller): Promise<string | undefined>
  /** For who can: a connection over which both sides speak when they like. */
  connect(peer: RpcPeer): RpcConnection
}

/** The other end of a connection. */
export interface RpcPeer extends RpcCaller {
  /** Takes an answer or a notification. Must not throw; a peer that does not read is whoever calls {@link RpcConnection.close}'s business. */
  send(text: string): void
}

export interface RpcConnection {
  /** Resolves when the text is dealt with and its answer, if there is one, was handed to {@link RpcPeer.send}. */
  receive(text: string): Promise<void>
  /** How many there are. */
  readonly subscriptions: number
  /** Ends all subscriptions and what is worked on. Nothing is sent any more. */
  close(): void
}

export interface RpcServerOptions<S extends SubscriptionRoutes = SubscriptionRoutes> {
  /** Told about errors that are no answer to bad input: a defect of a handler. The caller sees `internal error` only. */
  onInternalError?(method: string, error: unknown): void
  readonly subscriptions?: {
    readonly routes: S
    readonly handlers: SubscriptionHandlers<S>
    readonly random: Random
  }
  /** Which methods there are for whom. Default: all for all. */
  isAvailable?(method: string, caller: RpcCaller): boolean
  /** Told what was asked, how it ended and when it began, for metrics. Only names of methods that there are. */
  onHandled?(call: { readonly method: string; readonly ok: boolean; readonly startedMs: number }): void
  /** For {@link onHandled}. Default 0. */
  nowMs?(): number
}

export function createRpcServer<R extends Routes, S extends SubscriptionRoutes = SubscriptionRoutes>(
  routes: R,
  handlers: Handlers<R>,
  options: RpcServerOptions<S> = {},
): RpcServer {
  const { subscriptions, isAvailable = () => true, onHandled, nowMs = () => 0 } = options

  const find = (method: string, caller: RpcCaller): Route | undefined =>
    Object.hasOwn(routes, method) && isAvailable(method, caller) ? routes[method] : undefined

  const call = async (request: Request, { caller, table, begun }: Asking): Promise<unknown> => {
    const { method } = request
    const subscribing = subscriptions && /^([a-zA-Z0-9]+)_(un)?subscribe$/.exec(method)
    if (subscribing && !Object.hasOwn(routes, method)) {
      const namespace = subscribing[1] as string
      const declared = ownOf(subscriptions.routes, namespace)
      if (!declared || !isAvailable(method, caller)) throw noSuchMethod(method)
      if (subscribing[2]) return table.end(subscriptionIdOf(request))
      return subscribe(request, { namespace, declared, caller, table, begun })
    }
    const declared = find(method, caller)
    const handler = handlers[method]
    if (!declared || !handler) throw noSuchMethod(method)
    const params = checked(method, declared, request.params)
    return handler(params as Parameters<typeof handler>[0], caller)
  }

  const subscribe = async (
    request: Request,
    at: {
      readonly namespace: string
      readonly declared: Readonly<Record<string, Route>>
    } & Asking,
  ): Promise<string> => {
    if (!at.table.canNotify) throw new RpcError('notifications-unsupported', 'notifications not supported')
    const [name, ...rest] = Array.isArray(request.params) ? (request.params as readonly unknown[]) : []
    if (typeof name !== 'string')
      throw new RpcError('invalid-params', 'expected subscription name as first argument')
    const declared = ownOf(at.declared, name)
    const handler = subscriptions && ownOf(subscriptions.handlers[at.namespace] ?? {}, name)
    if (!declared || !handler)
      throw new RpcError(
        'no-such-subscription',
        `no ${JSON.stringify(name.slice(0, 64))} subscription in ${at.namespace} namespace`,
      )
    const params = checked(request.method, declared, rest)
    return at.table.begin(at.namespace, at.begun, (emit) =>
      handler(params as Parameters<typeof handler>[0], emit, at.caller),
    )
  }

  const answer = async (request: unknown, asking: Asking): Promise<Response | undefined> => {
    if (!isRequest(request)) return failure(idOf(request), new RpcError('invalid-request', 'invalid request'))
    const startedMs = nowMs()
    const told = (ok: boolean): void => {
      if (Object.hasOwn(routes, request.method)) onHandled?.({ method: request.method, ok, startedMs })
    }
    try {
      const result = await call(request, asking)
      told(true)
      return request.id === undefined ? undefined : { jsonrpc: '2.0', id: request.id, result: result ?? null }
    } catch (error) {
      told(false)
      if (!(error instanceof CodedError)) options.onInternalError?.(request.method, error)
      return request.id === undefined ? undefined : failure(request.id, error)
    }
  }

  /** Requests of a batch are dealt with one after the other, so that a later one sees what an earlier one did. */
  const answerText = async (text: string, asking: Asking): Promise<string | undefined> => {
    const request = parse(text)
    if (request instanceof RpcError) return stringify(failure(null, request))
    if (!Array.isArray(request)) return stringify(await answer(request, asking))
    if (request.length === 0) return stringify(failure(null, new RpcError('invalid-request', 'empty batch')))
    if (request.length > MAX_BATCH_REQUESTS)
      return stringify(
        failure(
          null,
          new RpcError('invalid-request', `expected 1 to ${MAX_BATCH_REQUESTS} requests in a batch`),
        ),
      )
    const responses: string[] = []
    let chars = 0
    for (const one of request) {
      if (asking.caller.signal?.aborted) return undefined
      const response = stringify(
        chars > MAX_BATCH_ANSWER_CHARS
          ? failure(
              idOf(one),
              new RpcError('too-many', 'response too large; ask for the rest in another batch'),
            )
          : await answer(one, asking),
      )
      if (response === undefined) continue
      responses.push(response)
      chars += response.length
    }
    return responses.length > 0 ? `[${responses.join()}]` : undefined
  }

  return {
    handle: (text, caller = { transport: 'local' }) =>
      answerText(text, { caller, table: new SubscriptionTable(), begun: [] }),
    connect(peer) {
      let open = true
      /** One for each text that is worked on: many listeners on one signal would be taken for a leak. */
      const running = new Set<AbortController>()
      const send = (text: string): void => {
        if (open) peer.send(text)
      }
      const table = new SubscriptionTable(
        subscriptions && {
          random: subscriptions.random,
          notify: (method, id, result) =>
            send(
              stringify({
                jsonrpc: '2.0',
                method,
                params: { subscription: id, result: result ?? null },
              }) as string,
            ),
          failed: (error) => options.onInternalError?.('subscription', error),
        },
      )
      return {
        async receive(text) {
          if (!open) return
          const begun: string[] = []
          const left = new AbortController()
          running.add(left)
          const caller: RpcCaller = { transport: peer.transport, signal: left.signal }
          const response = await answerText(text, { caller, table, begun })
          running.delete(left)
          if (response !== undefined) send(response)
          table.answered(begun)
        },
        get subscriptions() {
          return table.size
        },
        close() {
          open = false
          table.close()
          for (const left of running) left.abort()
        },
      }
    },
  }
}

/** Who asks, and what asking has begun. */
interface Asking {
  readonly caller: RpcCaller
  readonly table: SubscriptionTable
  /** Ids of subscriptions that the answer will name. BOUNDED by {@link MAX_BATCH_REQUESTS}. */
  readonly begun: string[]
}

type Id = string | number | null
interface Request {
  readonly method: string
  readonly params?: unknown
  readonly id?: Id
}
interface Response {
  readonly jsonrpc: '2.0'
  readonly id: Id
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

function noSuchMethod(method: string): RpcError {
  const shown = method.slice(0, 64).replace(/[^\x20-\x7e]/g, '?')
  return new RpcError('method-not-found', `the method ${shown} does not exist/is not available`)
}

function checked(method: string, declared: Route, given: unknown): unknown {
  if (!declared.names) {
    const params = declared.params.safeParse(given ?? {})
    if (params.success) return params.data
    throw new RpcError('invalid-params', `${method}: ${firstIssue(params.error).text}`)
  }
  const least = leastArguments(declared.params)
  const params = declared.params.safeParse(argumentsOf({ method, params: given }, declared.names, least))
  if (params.success) return params.data
  const { path, text } = firstIssue(params.error)
  throw new RpcError('invalid-params', `invalid argument ${path}: ${text}`)
}

function argumentsOf({ params }: Request, names: readonly string[], least: number): readonly unknown[] {
  if (params !== undefined && params !== null && !Array.isArray(params))
    throw new RpcError('invalid-params', 'non-array args')
  const given = (params ?? []) as readonly unknown[]
  if (given.length > names.length)
    throw new RpcError('invalid-params', `too many arguments, want at most ${names.length}`)
  if (given.length < least)
    throw new RpcError('invalid-params', `missing value for required argument ${given.length}`)
  return given
}

function subscriptionIdOf(request: Request): string {
  const [id] = argumentsOf(request, ['id'], 1)
  if (typeof id === 'string') return id
  if (id === null) return '' // as geth has it; web3.js says so when it has ended the subscription before
  const came = Array.isArray(id) ? 'array' : typeof id
  throw new RpcError('invalid-params', `invalid argument 0: expected string, got ${came}`)
}

/** How many of a tuple's elements must be there. */
function leastArguments(tuple: z.ZodType): number {
  const items = (tuple as Partial<z.ZodTuple>).def?.items ?? []
  const optional = items.findIndex((item) => (item as z.ZodType).safeParse(undefined).success)
  return optional < 0 ? items.length : optional
}

/** As zod says that a value is of another type. */
const MISFIT = /^Invalid input: expected (\w+), received (\w+)$/

function firstIssue(error: z.ZodError): { readonly path: string; readonly text: string } {
  const issue = error.issues[0]
  const [first = '', ...rest] = (issue?.path ?? []).map(String)
  const message = (issue?.message ?? 'invalid parameters').replace(
    MISFIT,
    (_, wanted, came) => `expected ${wanted}, got ${came === 'undefined' ? 'nothing' : came}`,
  )
  const whole = [first, ...rest].filter((part) => part !== '').join('.')
  const isPosition = /^\d+$/.test(first)
  const where = isPosition ? rest.join('.') : whole
  return { path: first, text: `${where ? `${where}: ` : ''}${message}` }
}

function failure(id: Id, error: unknown): Response {
  const message = error instanceof CodedError ? error.message : 'internal error'
  const code = error instanceof CodedError ? error.code : 'internal-error'
  return { jsonrpc: '2.0', id, error: { code: numberOf(code), message, data: { code } } }
}

function numberOf(code: string): number {
  return Object.hasOwn(RPC_ERROR_NUMBERS, code)
    ? RPC_ERROR_NUMBERS[code as keyof typeof RPC_ERROR_NUMBERS]
    : RPC_ERROR_NUMBERS['request-failed']
}

function isRequest(value: unknown): value is Request {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { jsonrpc, method, id, params } = value as Record<string, unknown>
  const idFits = id === undefined || id === null || typeof id === 'string' || typeof id === 'number'
  const paramsFit = params === undefined || typeof params === 'object' // null is none, as old clients of geth have it
  return jsonrpc === '2.0' && typeof method === 'string' && idFits && paramsFit
}

function idOf(value: unknown): Id {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

function parse(text: string): unknown {
  if (text.length > MAX_TEXT_CHARS)
    return new RpcError('invalid-request', `expected at most ${MAX_TEXT_CHARS} characters`)
  if (isTooDeep(text)) return new RpcError('parse-error', `expected a nesting of at most ${MAX_NESTING}`)
  try {
    return JSON.parse(text) as unknown
  } catch {
    return new RpcError('parse-error', 'not JSON')
  }
}

function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** 64-bit integers go out as decimal text: JSON's numbers would round them. */
export function stringify(value: unknown): string | undefined {
  return value === undefined
    ? undefined
    : JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? v.toString() : v))
}
