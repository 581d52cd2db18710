/** `debug_traceEnvelope` and `debug_traceRecent`: which way an envelope took. Over the Unix socket only. */
import { fromHex, to0xHex, toHex } from '@status-protocol/bytes'
import type { Peer } from '@status-protocol/p2p-devp2p'
import { type Handlers, type RpcCaller, RpcError, route } from '@status-protocol/rpc'
import { z } from 'zod'
import { inert } from '../terminal-text.ts'
import type { Step, TraceRing } from './ring.ts'

export const MAX_RECENT_STEPS = 1_000

const STEP = z.object({
  atUnixMs: z.number(),
  hash: z.string().meta({ description: 'of the envelope: 0x and 64 hex digits' }),
  what: z.string().meta({
    description: 'received, known, accepted, refused, expired, evicted, sent, confirmed or declined',
  }),
  peer: z.string().optional().meta({ description: 'id of the peer, 128 hex digits' }),
  address: z.string().optional().meta({ description: 'where it is seen, if it is connected now' }),
  client: z.string().optional().meta({ description: 'what it says it is, if it is connected now' }),
  reason: z.string().optional(),
})
export type TraceStep = z.output<typeof STEP>

const HASH = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, { error: 'expected 0x and 64 hex digits' })
  .meta({ description: 'of the envelope' })

export const TRACE_ROUTES = {
  debug_traceEnvelope: route({
    summary:
      'The steps of one envelope through this node, oldest first, and since when steps are remembered.',
    params: z.tuple([HASH]),
    names: ['hash'],
    result: z.object({ steps: z.array(STEP), sinceUnixMs: z.number().optional() }),
  }),
  debug_traceRecent: route({
    summary: `The last steps of all envelopes, oldest first; at most ${MAX_RECENT_STEPS}.`,
    params: z.tuple([z.number().int().min(1).max(MAX_RECENT_STEPS)]),
    names: ['count'],
    result: z.array(STEP),
  }),
}

/** `ring`: undefined if the node was started without `--trace-envelopes`. */
export function traceHandlers(
  ring: TraceRing | undefined,
  peers: () => readonly Peer[],
): Handlers<typeof TRACE_ROUTES> {
  const asked = ({ transport }: RpcCaller): TraceRing => {
    if (transport !== 'ipc')
      throw new RpcError('refused', `traces are refused over ${transport}: use the IPC socket`)
    if (ring === undefined)
      throw new RpcError('refused', 'nothing is traced: start the node with --trace-envelopes')
    return ring
  }
  return {
    debug_traceEnvelope: ([hash], caller) => {
      const { of, recent, capacity } = asked(caller)
      const [oldest] = recent(capacity)
      return {
        steps: described(of(fromHex(hash)), peers()),
        ...(oldest && { sinceUnixMs: oldest.atUnixMs }),
      }
    },
    debug_traceRecent: ([count], caller) => described(asked(caller).recent(count), peers()),
  }
}

function described(steps: readonly Step[], connected: readonly Peer[]): TraceStep[] {
  const byId = new Map(connected.map((peer) => [idOf(peer.peerId), peer]))
  return steps.map(({ atUnixMs, hash, what, peerId, reason }) => {
    const peer = peerId && idOf(peerId)
    const { ip, clientName } = (peer !== undefined && byId.get(peer)) || {}
    return {
      ...{ atUnixMs, hash: to0xHex(hash), what },
      ...(peer !== undefined && { peer }),
      ...(ip !== undefined && { address: ip }),
      ...(clientName !== undefined && { client: inert(clientName) }),
      ...(reason !== undefined && { reason: inert(reason) }),
    }
  })
}

function idOf(peerId: Uint8Array): string {
  return toHex(peerId)
}
