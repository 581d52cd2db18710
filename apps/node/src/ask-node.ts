/** Asks a running node over its Unix socket. */
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { createRpcClient, type Routes, RpcError } from '@status-protocol/rpc'
import { reasonOf } from './data-dir.ts'
import { ownerOf } from './data-dir-lock.ts'
import { NodeError } from './error.ts'
import { inert } from './terminal-text.ts'

/** Where to ask: a socket, or the one of the node that runs on a data directory. */
export interface NodeSource {
  /** `true`: wherever the node has it. */
  readonly ipc?: string | boolean | undefined
  readonly dataDir: string
}

export type Call<R extends Routes> = ReturnType<typeof createRpcClient<R>>['call']

const ANSWER_MS = 10_000

/**
 * @param options.needs with which flags the node has to run
 * @throws NodeError `no-node`, `refused`
 */
export async function askNode<R extends Routes, T>(
  routes: R,
  source: NodeSource,
  ask: (call: Call<R>) => Promise<T>,
  { answerMs = ANSWER_MS, needs = '--ipc' }: { readonly answerMs?: number; readonly needs?: string } = {},
): Promise<T> {
  const socket = await connected(await socketPath(source, needs), answerMs)
  try {
    const client = createRpcClient(routes, {
      send: (text) => void socket.write(`${text}\n`),
      incoming: createInterface({ input: socket }),
    })
    return await ask(client.call)
  } catch (error) {
    if (error instanceof RpcError) throw new NodeError('refused', inert(error.message))
    throw error
  } finally {
    socket.destroy()
  }
}

async function socketPath({ ipc, dataDir }: NodeSource, needs: string): Promise<string> {
  if (typeof ipc === 'string') return ipc
  const node = await ownerOf(dataDir)
  if (node === undefined)
    throw new NodeError('no-node', `no node runs on ${dataDir}: name its socket with --ipc or its --data-dir`)
  if (typeof node.ipc === 'string') return node.ipc
  throw new NodeError('no-node', `the node has no IPC socket: start it with ${needs}`)
}

function connected(path: string, answerMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.setTimeout(answerMs, () => socket.destroy())
    socket.once('error', (error) =>
      reject(new NodeError('no-node', `nobody answers at ${path} (${reasonOf(error)}): does the node run?`)),
    )
    socket.once('connect', () => resolve(socket))
  })
}
