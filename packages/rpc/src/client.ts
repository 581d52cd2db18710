/** A client derived from the same routes as the server. */
import { RpcError } from './error.ts'
import { isTooDeep } from './nesting.ts'
import type { Client, Routes } from './route.ts'

/** Texts to and from a server; `incoming` ends when the server is gone. */
export interface RpcTransport {
  send(text: string): void
  readonly incoming: AsyncIterable<string>
}

export interface RpcClient<R extends Routes> {
  readonly call: Client<R>
  /** All in one text, each with its own outcome. */
  batch(
    requests: readonly { readonly method: keyof R & string; readonly params: unknown }[],
  ): Promise<readonly PromiseSettledResult<unknown>[]>
  /** Notifications in order of arrival; ends with the transport. BOUNDED: the newest 10,000 not yet read. */
  notifications(): AsyncIterable<{ readonly method: string; readonly params: unknown }>
}

const MAX_UNREAD_NOTIFICATIONS = 10_000

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

export function createRpcClient<R extends Routes>(routes: R, transport: RpcTransport): RpcClient<R> {
  return createClientOf(Object.keys(routes), transport)
}

/** For who knows the types of routes without having them. */
export function createClientOf<R extends Routes>(
  methods: readonly (keyof R & string)[],
  transport: RpcTransport,
): RpcClient<R> {
  const waiting = new Map<number, Waiting>()
  /** Ids of batches that are under way. BOUNDED by those who wait for them. */
  const batches = new Set<readonly number[]>()
  const inbox = createInbox()
  let nextId = 1
  let open = true

  const read = async (): Promise<void> => {
    for await (const text of transport.incoming) {
      const message = parse(text)
      for (const one of Array.isArray(message) ? message : [message]) take(one)
    }
  }
  const take = (message: unknown): void => {
    if (!isMessage(message)) return
    if (typeof message.method === 'string') inbox.add({ method: message.method, params: message.params })
    else if (message.id === null && message.error) refused(message.error)
    else settle(waiting, message)
  }
  /** An error about nothing in particular is about a text as a whole. */
  const refused = (error: ErrorObject): void => {
    for (const ids of batches)
      for (const id of ids) {
        waiting.get(id)?.reject(errorFrom(error))
        waiting.delete(id)
      }
  }
  void read()
    .catch(() => undefined)
    .then(() => {
      open = false
      for (const { reject } of waiting.values()) reject(closed())
      waiting.clear()
      inbox.end()
    })

  const request = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!open) return reject(closed())
      const id = nextId++
      waiting.set(id, { resolve, reject })
      transport.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    })

  const batch = async (
    requests: readonly { readonly method: string; readonly params: unknown }[],
  ): Promise<readonly PromiseSettledResult<unknown>[]> => {
    if (!open) throw closed()
    if (requests.length === 0) return []
    const numbered = requests.map((one) => ({ jsonrpc: '2.0', id: nextId++, ...one }))
    const ids = numbered.map(({ id }) => id)
    const answers = ids.map((id) => new Promise((resolve, reject) => waiting.set(id, { resolve, reject })))
    batches.add(ids)
    transport.send(JSON.stringify(numbered))
    try {
      return await Promise.allSettled(answers)
    } finally {
      batches.delete(ids)
    }
  }

  const call: Record<string, (params: unknown) => Promise<unknown>> = {}
  for (const method of methods) call[method] = (params) => request(method, params)
  return { call: call as Client<R>, batch, notifications: () => inbox }
}

interface ErrorObject {
  readonly code?: unknown
  readonly message?: unknown
  readonly data?: { readonly code?: unknown } | null
}

interface Message {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: ErrorObject
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null
}

function parse(text: string): unknown {
  if (isTooDeep(text)) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function settle(waiting: Map<number, Waiting>, { id, result, error }: Message): void {
  const waiter = typeof id === 'number' ? waiting.get(id) : undefined
  if (!waiter) return
  waiting.delete(id as number)
  if (error) waiter.reject(errorFrom(error))
  else waiter.resolve(result)
}

/** `details.code` is the stable word of a server of ours, `details.number` that of JSON-RPC. */
function errorFrom({ message, code, data }: ErrorObject): RpcError {
  return new RpcError('request-failed', String(message), { code: data?.code, number: code })
}

function closed(): RpcError {
  return new RpcError('closed', 'the server is gone')
}

type Notification = { readonly method: string; readonly params: unknown }

function createInbox(): AsyncIterable<Notification> & { add(n: Notification): void; end(): void } {
  const unread: Notification[] = []
  let ended = false
  let wake: () => void = () => undefined
  return {
    add(notification) {
      unread.push(notification)
      if (unread.length > MAX_UNREAD_NOTIFICATIONS) unread.shift()
      wake()
    },
    end() {
      ended = true
      wake()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = unread.shift()
        if (next) yield next
        else if (ended) return
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    },
  }
}
