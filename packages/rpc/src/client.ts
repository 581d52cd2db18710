/** A client derived from the same routes as the server. */
import { RpcError } from './error.ts'
import type { Client, Routes } from './route.ts'

/** Texts to and from a server; `incoming` ends when the server is gone. */
export interface RpcTransport {
  send(text: string): void
  readonly incoming: AsyncIterable<string>
}

export interface RpcClient<R extends Routes> {
  readonly call: Client<R>
  /** Notifications in order of arrival; ends with the transport. BOUNDED: the newest 10,000 not yet read. */
  notifications(): AsyncIterable<{ readonly method: string; readonly params: unknown }>
}

const MAX_UNREAD_NOTIFICATIONS = 10_000

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

export function createRpcClient<R extends Routes>(routes: R, transport: RpcTransport): RpcClient<R> {
  const waiting = new Map<number, Waiting>()
  const inbox = createInbox()
  let nextId = 1
  let open = true

  const read = async (): Promise<void> => {
    for await (const text of transport.incoming) {
      const message = parse(text)
      if (message === undefined) continue
      if (typeof message.method === 'string') inbox.add({ method: message.method, params: message.params })
      else settle(waiting, message)
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

  const call: Record<string, (params: unknown) => Promise<unknown>> = {}
  for (const method of Object.keys(routes)) call[method] = (params) => request(method, params)
  return { call: call as Client<R>, notifications: () => inbox }
}

interface Message {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message?: unknown; readonly data?: { readonly code?: unknown } }
}

function parse(text: string): Message | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function settle(waiting: Map<number, Waiting>, { id, result, error }: Message): void {
  const waiter = typeof id === 'number' ? waiting.get(id) : undefined
  if (!waiter) return
  waiting.delete(id as number)
  if (error) waiter.reject(new RpcError('request-failed', String(error.message), { code: error.data?.code }))
  else waiter.resolve(result)
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
