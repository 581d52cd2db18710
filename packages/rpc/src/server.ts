/**
 * JSON-RPC 2.0 (https://www.jsonrpc.org/specification) over texts: one text in, one text or none out.
 * Batches and notifications as the specification has them. Never throws and never rejects.
 */
import { CodedError } from '@status-protocol/bytes'
import { RPC_ERROR_NUMBERS, RpcError } from './error.ts'
import type { Handlers, Routes } from './route.ts'

/** Requests in one batch; more are refused as a whole, so that one line cannot start unbounded work. */
export const MAX_BATCH_REQUESTS = 100

export interface RpcServer {
  /** The answer to one text, or undefined where nothing is to be said (notifications). */
  handle(text: string): Promise<string | undefined>
}

export interface RpcServerOptions {
  /** Told about errors that are no answer to bad input: a defect of a handler. The caller sees `internal error` only. */
  onInternalError?(method: string, error: unknown): void
}

export function createRpcServer<R extends Routes>(
  routes: R,
  handlers: Handlers<R>,
  options: RpcServerOptions = {},
): RpcServer {
  const answer = async (request: unknown): Promise<Response | undefined> => {
    if (!isRequest(request)) return failure(idOf(request), new RpcError('invalid-request', 'invalid request'))
    try {
      const result = await call(routes, handlers, request)
      return request.id === undefined ? undefined : { jsonrpc: '2.0', id: request.id, result: result ?? null }
    } catch (error) {
      if (!(error instanceof CodedError)) options.onInternalError?.(request.method, error)
      return request.id === undefined ? undefined : failure(request.id, error)
    }
  }

  return {
    async handle(text) {
      const request = parse(text)
      if (request === undefined) return stringify(failure(null, new RpcError('parse-error', 'not JSON')))
      if (!Array.isArray(request)) return stringify(await answer(request))
      if (request.length === 0 || request.length > MAX_BATCH_REQUESTS)
        return stringify(
          failure(
            null,
            new RpcError('invalid-request', `expected 1 to ${MAX_BATCH_REQUESTS} requests in a batch`),
          ),
        )
      const responses = (await Promise.all(request.map(answer))).filter((r) => r !== undefined)
      return responses.length > 0 ? stringify(responses) : undefined
    },
  }
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

async function call<R extends Routes>(routes: R, handlers: Handlers<R>, request: Request): Promise<unknown> {
  const { method } = request
  const declared = Object.hasOwn(routes, method) ? routes[method] : undefined
  const handler = handlers[method]
  if (!declared || !handler)
    throw new RpcError('method-not-found', `there is no method ${JSON.stringify(method.slice(0, 64))}`)
  const params = declared.params.safeParse(request.params ?? {})
  if (!params.success) throw new RpcError('invalid-params', `${method}: ${firstIssue(params.error)}`)
  return handler(params.data as Parameters<typeof handler>[0])
}

function firstIssue(error: {
  readonly issues: readonly { path: readonly PropertyKey[]; message: string }[]
}): string {
  const issue = error.issues[0]
  const where = issue?.path.map(String).join('.')
  return `${where ? `${where}: ` : ''}${issue?.message ?? 'invalid parameters'}`
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
  const paramsFit = params === undefined || (typeof params === 'object' && params !== null)
  return jsonrpc === '2.0' && typeof method === 'string' && idFits && paramsFit
}

function idOf(value: unknown): Id {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** 64-bit integers go out as decimal text: JSON's numbers would round them. */
export function stringify(value: unknown): string | undefined {
  return value === undefined
    ? undefined
    : JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? v.toString() : v))
}
