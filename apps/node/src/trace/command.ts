/** `status-node trace`: asks a running node which way an envelope took. */
import { askNode, type Call, type NodeSource } from '../ask-node.ts'
import { NodeError } from '../error.ts'
import { MAX_RECENT_STEPS, TRACE_ROUTES, type TraceStep } from './routes.ts'

export interface Trace {
  readonly steps: readonly TraceStep[]
  /** Steps before this are forgotten. */
  readonly sinceUnixMs?: number | undefined
}

/** What can be told before a node is asked. @throws NodeError `invalid-config` */
export function checkTrace(hash: string | undefined, recent: number): void {
  if (hash !== undefined && !/^0x[0-9a-fA-F]{64}$/.test(hash))
    throw new NodeError(
      'invalid-config',
      `trace: expected the hash of an envelope, 0x and 64 hex digits, got ${JSON.stringify(hash.slice(0, 70))}`,
    )
  if (!Number.isInteger(recent) || recent < 1 || recent > MAX_RECENT_STEPS)
    throw new NodeError('invalid-config', `--recent: expected 1 to ${MAX_RECENT_STEPS}, got ${recent}`)
}

/** The way of one envelope. @throws NodeError `no-node`, `refused` */
export function traceOf(hash: string, source: NodeSource): Promise<Trace> {
  return withNode(source, (call) => call.debug_traceEnvelope([hash]))
}

/** The last steps of all envelopes. @throws NodeError `no-node`, `refused` */
export async function recentSteps(count: number, source: NodeSource): Promise<Trace> {
  return { steps: await withNode(source, (call) => call.debug_traceRecent([count])) }
}

function withNode<T>(source: NodeSource, ask: (call: Call<typeof TRACE_ROUTES>) => Promise<T>): Promise<T> {
  return askNode(TRACE_ROUTES, source, ask, { needs: '--ipc and --trace-envelopes' })
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
