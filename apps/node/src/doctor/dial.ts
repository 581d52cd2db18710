/** Dials nodes as another node would: handshake, Hello, and the first packet of Whisper. Under a key made for it. */
import { toHex } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import {
  createHost,
  disconnectReasons,
  type HostEvent,
  type Link,
  parseEnode,
} from '@status-protocol/p2p-devp2p'
import {
  decodeStatus,
  emptyBloom,
  encodeStatus,
  noRateLimits,
  packetCodes,
  WHISPER_VERSION,
} from '@status-protocol/whisper'
import { CLIENT_NAME } from '../version.ts'

export type Dialled =
  | { readonly ok: true; readonly milliseconds: number; readonly clientName: string }
  | { readonly ok: false; readonly detail: string; readonly advice: string; readonly isFull?: boolean }

/** Until a node has to have answered. */
const DIAL_MS = 8_000

/** One answer for each, in order; all at the same time. */
export async function dial(
  enodes: readonly string[],
  timeoutMs: number = DIAL_MS,
): Promise<readonly Dialled[]> {
  if (enodes.length === 0) return []
  const results = new Map<string, Dialled>()
  const names = new Map<string, string>()
  const startedMs = performance.now()
  const shh = {
    ...{ name: 'shh', version: WHISPER_VERSION, length: 128 },
    async run(link: Link) {
      const id = toHex(link.peerId)
      // a filter that lets nothing through: the peer has nothing to send
      const status = { minPow: 0, bloom: emptyBloom(), lightNode: false, confirmations: false }
      link.send(packetCodes.status, encodeStatus({ ...status, rateLimits: noRateLimits }))
      for await (const { code, body } of link.packets()) {
        if (code !== packetCodes.status) continue
        results.set(id, answered(body, performance.now() - startedMs, names.get(id) ?? ''))
        break
      }
      link.close(disconnectReasons.requested)
    },
  }
  const host = await createHost({
    nodeKey: generatePrivateKey(defaultProvider, systemRandom),
    peers: enodes,
    subprotocols: [shh],
    clientName: `${CLIENT_NAME}/doctor`,
    limits: {
      ...{ maxPeers: enodes.length, maxPendingOutbound: enodes.length, dialTimeoutMs: (timeoutMs * 7) / 8 },
      ...{ redialMinMs: 60_000, redialMaxMs: 60_000 },
    },
  })
  const timer = setTimeout(() => void host.close(), timeoutMs)
  const wanted = new Set(enodes.map(idOf))
  for await (const event of host.events()) {
    if (event.type === 'link-up') names.set(toHex(event.peer.peerId), event.peer.clientName)
    const failed = failureOf(event)
    if (failed && !results.has(failed.id)) results.set(failed.id, failed.result)
    if (results.size === wanted.size) break
  }
  clearTimeout(timer)
  await host.close()
  return enodes.map((enode) => results.get(idOf(enode)) ?? silent(timeoutMs))
}

function silent(timeoutMs: number): Dialled {
  return {
    ok: false,
    detail: `did not answer within ${timeoutMs / 1000} s`,
    advice: 'try again; if it stays so, ask its operator',
  }
}

function idOf(enode: string): string {
  return toHex(parseEnode(enode).peerId)
}

function answered(status: Uint8Array, milliseconds: number, clientName: string): Dialled {
  try {
    const { version } = decodeStatus(status)
    if (version === WHISPER_VERSION) return { ok: true, milliseconds: Math.round(milliseconds), clientName }
    return {
      ok: false,
      detail: `speaks version ${version} of Whisper, not ${WHISPER_VERSION}`,
      advice: 'choose another peer',
    }
  } catch {
    return { ok: false, detail: 'greets in a way that cannot be read', advice: 'choose another peer' }
  }
}

function failureOf(event: HostEvent): { readonly id: string; readonly result: Dialled } | undefined {
  if (event.type !== 'dial-failed' && event.type !== 'link-down') return undefined
  const id = event.type === 'dial-failed' ? idOf(event.enode) : toHex(event.peer.peerId)
  const { cause, detail, reason } = event
  const isFull = reason === disconnectReasons.tooManyPeers
  const advice = adviceFor(cause, detail, reason)
  return { id, result: { ok: false, detail, advice, ...(isFull && { isFull }) } }
}

function adviceFor(cause: string, detail: string, reason: number | undefined): string {
  if (/ECONNREFUSED/.test(detail))
    return 'nothing listens there: is that node running, and is the port right?'
  if (/EHOSTUNREACH|ENETUNREACH/.test(detail)) return 'there is no way to that address from this machine'
  if (cause === 'dial-failed')
    return 'a firewall on the way drops it, or the address is wrong: TCP to that port must be let through'
  if (cause === 'identity-mismatch' || cause === 'bad-handshake')
    return 'something else answers there, another program or another node: ask for its enode anew'
  if (cause === 'useless-peer' || reason === disconnectReasons.uselessPeer)
    return 'it does not speak Whisper 6: choose another peer'
  if (reason === disconnectReasons.tooManyPeers)
    return 'it is there but full: wait, or ask its operator to trust this node (--trusted-peer there)'
  if (cause === 'connection-lost')
    return 'it hung up without a word: some nodes do for 30 s after another connection from the same address; try again'
  return 'try again; if it stays so, ask its operator'
}
