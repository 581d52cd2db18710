/** `status-node trace`: asks a running node which way an envelope took. */
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { createRpcClient, RpcError } from '@status-protocol/rpc'
import { codeOf } from '../data-dir.ts'
import { ownerOf } from '../data-dir-lock.ts'
import { NodeError } from '../error.ts'
import { inert } from '../terminal-text.ts'
import { TRACE_ROUTES, type TraceStep } from './routes.ts'

export interface Trace {
  readonly steps: readonly TraceStep[]
  /** Steps before this are forgotten. */
  readonly sinceUnixMs?: number | undefined
}

/** Where to ask: a socket, or the one of the node that runs on a data directory. */
export interface TraceSource {
  readonly ipc: string | undefined
  readonly dataDir: string
}

const ANSWER_MS = 10_000

/** The way of one envelope. @throws NodeError `no-node`, `refused` */
export function traceOf(hash: string, source: TraceSource): Promise<Trace> {
  return withNode(source, (call) => call.debug_traceEnvelope([hash]))
}

/** The last steps of all envelopes. @throws NodeError `no-node`, `refused` */
export async function recentSteps(count: number, source: TraceSource): Promise<Trace> {
  return { steps: await withNode(source, (call) => call.debug_traceRecent([count])) }
}

type Call = ReturnType<typeof createRpcClient<typeof TRACE_ROUTES>>['call']

async function withNode<T>(source: TraceSource, ask: (call: Call) => Promise<T>): Promise<T> {
  const socket = await connected(await socketPath(source))
  try {
    const client = createRpcClient(TRACE_ROUTES, {
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

async function socketPath({ ipc, dataDir }: TraceSource): Promise<string> {
  if (ipc !== undefined) return ipc
  const node = await ownerOf(dataDir)
  if (node === undefined)
    throw new NodeError('no-node', `no node runs on ${dataDir}: name its socket with --ipc or its --data-dir`)
  if (typeof node.ipc === 'string') return node.ipc
  throw new NodeError('no-node', 'the node has no IPC socket: start it with --ipc and --trace-envelopes')
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.setTimeout(ANSWER_MS, () => socket.destroy())
    socket.once('error', (error) =>
      reject(new NodeError('no-node', `nobody answers at ${path} (${codeOf(error)}): does the node run?`)),
    )
    socket.once('connect', () => resolve(socket))
  })
}

/** For people. */
export function traceText({ steps, sinceUnixMs }: Trace): string {
  if (steps.length > 0) return steps.map(lineOf).join('\n')
  const since = sinceUnixMs === undefined ? 'none has come yet' : `remembered since ${timeOf(sinceUnixMs)}`
  return `This envelope has not come to this node, as far as it remembers (${since}).`
}

const WORDS: Readonly<Record<string, string>> = {
  received: 'from',
  known: 'again from',
  accepted: 'from',
  refused: 'from',
  expired: 'from',
  sent: 'to',
  confirmed: 'by',
  declined: 'by',
}

function lineOf({ atUnixMs, hash, what, peer, address, client, reason }: TraceStep): string {
  const who = peer === undefined ? '' : `${WORDS[what] ?? 'with'} ${peer.slice(0, 16)}...`
  const seen = [address, client].filter((part) => part !== undefined).join(', ')
  const parts = [timeOf(atUnixMs), `${hash.slice(0, 10)}...`, what.padEnd(9), who, seen && `(${seen})`]
  const line = parts.filter((part) => part !== '').join(' ')
  return reason === undefined ? line.trimEnd() : `${line}: ${reason}`
}

function timeOf(unixMs: number): string {
  return new Date(unixMs).toISOString()
}
