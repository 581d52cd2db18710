/** The values that a node tells: where each is read, in which unit, under which label. */
import type { DiscoveryCounts, HostStats } from '@status-protocol/p2p-devp2p'
import { type ClockReport, type CodeTraffic, packetCodes, type WhisperStats } from '@status-protocol/whisper'
import type { MailStats } from '../mail/role.ts'

/** The parts that are asked at each scrape. */
export interface MetricsSource {
  readonly version: string
  whisper(): WhisperStats
  clock(): ClockReport
  host(): HostStats
  /** How many links are up. */
  peers(): { readonly inbound: number; readonly outbound: number }
  /** Messages that wait in filters of clients until somebody asks for them. */
  filteredBytes(): number
  /** Envelope steps that are remembered; undefined: none are. */
  traced(): number | undefined
  /** Undefined: the node does not look for peers. */
  search(): SearchReport | undefined
  /** Undefined: the node is no mailserver. */
  mail(): Promise<MailStats | undefined>
}

export interface SearchReport {
  /** Nodes of which the node has heard. */
  readonly known: number
  /** Links that it sees to itself: how many there shall be, and how many there are. */
  readonly wanted: number
  readonly up: number
  /** Undefined: nothing is spoken over UDP. */
  readonly udp: (DiscoveryCounts & { readonly nodes: number }) | undefined
}

/** What all parts say at one scrape. */
export interface Snapshot {
  readonly version: string
  readonly whisper: WhisperStats
  readonly clock: ClockReport
  readonly host: HostStats
  readonly peers: { readonly inbound: number; readonly outbound: number }
  readonly filteredBytes: number
  readonly traced: number | undefined
  readonly search: SearchReport | undefined
  readonly mail: MailStats | undefined
}

export function snapshot(source: MetricsSource, mail: MailStats | undefined): Snapshot {
  return {
    version: source.version,
    whisper: source.whisper(),
    clock: source.clock(),
    host: source.host(),
    peers: source.peers(),
    filteredBytes: source.filteredBytes(),
    traced: source.traced(),
    search: source.search(),
    mail,
  }
}

/** One value, or one for each value of a label. */
type Reading = number | Readonly<Record<string, number>>

export interface Declared {
  readonly kind: 'counter' | 'gauge'
  readonly name: string
  readonly help: string
  readonly label?: string
  read(now: Snapshot): Reading
}

function gauge(name: string, help: string, read: (now: Snapshot) => Reading, label?: string): Declared {
  return { kind: 'gauge', name, help, read, ...(label && { label }) }
}

function counter(name: string, help: string, read: (now: Snapshot) => Reading, label?: string): Declared {
  return { ...gauge(`${name}_total`, help, read, label), kind: 'counter' }
}

export const GAUGES: readonly Declared[] = [
  gauge('info', 'Which version runs.', ({ version }) => ({ [version]: 1 }), 'version'),
  gauge('peers', 'Links that are up, by who dialled.', ({ peers }) => ({ ...peers }), 'direction'),
  gauge(
    'connections_pending',
    'Connections whose handshake is going on.',
    ({ host }) => ({ inbound: host.pendingInbound, outbound: host.pendingOutbound }),
    'direction',
  ),
  gauge(
    'known_peers',
    'Nodes that a node which looks for peers has heard of.',
    ({ search }) => search?.known ?? 0,
  ),
  gauge(
    'sought_links',
    'Links that the node sees to itself: how many it wants, how many are up.',
    ({ search }) => ({ wanted: search?.wanted ?? 0, up: search?.up ?? 0 }),
    'state',
  ),
  gauge('discovery_nodes', 'Nodes that have answered over UDP.', ({ search }) => search?.udp?.nodes ?? 0),
  gauge('pool_envelopes', 'Unexpired envelopes held.', ({ whisper }) => whisper.poolEnvelopes),
  gauge('pool_bytes', 'Bytes of unexpired envelopes held.', ({ whisper }) => whisper.poolBytes),
  gauge(
    'pool_evicted_hashes',
    'Hashes remembered of envelopes that a full pool had to drop.',
    ({ whisper }) => whisper.evictedHashes,
  ),
  gauge(
    'queue_items',
    'What waits: packets for slow peers (send), envelopes to be tried with keys (open), own envelopes (own).',
    ({ whisper }) => ({
      send: whisper.waitingPackets,
      open: whisper.waitingOpenings,
      own: whisper.ownEnvelopes,
    }),
    'queue',
  ),
  gauge(
    'queue_bytes',
    'Bytes of what waits; filter: messages that clients have not asked for.',
    ({ whisper, filteredBytes }) => ({
      send: whisper.waitingPacketBytes,
      open: whisper.waitingOpeningBytes,
      filter: filteredBytes,
    }),
    'queue',
  ),
  gauge('filters', 'Filters of clients of this node.', ({ whisper }) => whisper.filters),
  gauge(
    'clock_offset_seconds',
    'How far the clock of this machine is behind (above 0) or ahead, as a majority of peers says; NaN: too few say so.',
    ({ clock }) => clock.offsetSeconds ?? Number.NaN,
  ),
  gauge(
    'clock_correction_seconds',
    'What is added to the clock of this machine for the times of envelopes.',
    ({ clock }) => clock.correctionSeconds,
  ),
  gauge(
    'clock_votes',
    'Peers in different networks that say something about the clock.',
    ({ clock }) => {
      const agree = clock.votes.filter((vote) => vote.agrees).length
      return { agree, differ: clock.votes.length - agree }
    },
    'vote',
  ),
  gauge('archive_envelopes', 'Envelopes in the archive of a mailserver.', ({ mail }) => mail?.envelopes ?? 0),
  gauge(
    'archive_bytes',
    'Bytes of the envelopes in the archive; its store needs more.',
    ({ mail }) => mail?.bytes ?? 0,
  ),
  gauge(
    'archive_waiting_envelopes',
    'Envelopes that wait until the archive takes them.',
    ({ mail }) => mail?.waiting ?? 0,
  ),
  gauge('traced_steps', 'Steps of envelopes remembered for status-node trace.', ({ traced }) => traced ?? 0),
]

export const COUNTERS: readonly Declared[] = [
  counter('links_opened', 'Whisper links that came up.', ({ whisper }) => whisper.linksOpened),
  counter('links_closed', 'Whisper links that went down.', ({ whisper }) => whisper.linksClosed),
  counter(
    'links_dropped',
    'Whisper links ended because the peer broke the protocol.',
    ({ whisper }) => whisper.linksDropped,
  ),
  counter(
    'connections_refused',
    'Connections closed before their first byte was read.',
    ({ host }) => ({ ...host.refused }),
    'reason',
  ),
  counter(
    'connections_failed',
    'Connections of others that were read from and ended before a link came of them.',
    ({ host }) => host.failedInbound,
  ),
  counter(
    'discovery_packets',
    'Datagrams of discovery; of those received, what was not looked at, not read, or from who has proven nothing.',
    ({ search }) => {
      const { received = 0, sent = 0, flooded = 0, unreadable = 0, unproven = 0 } = search?.udp ?? {}
      return { received, sent, flooded, unreadable, unproven }
    },
    'state',
  ),
  counter(
    'envelopes_received',
    'Envelopes in packets of peers, duplicates among them.',
    ({ whisper }) => whisper.envelopesReceived,
  ),
  counter('envelopes_accepted', 'Envelopes taken from peers.', ({ whisper }) => whisper.envelopesAccepted),
  counter('envelopes_duplicate', 'Envelopes that were known.', ({ whisper }) => whisper.envelopesKnown),
  counter(
    'envelopes_expired',
    'Envelopes that came up to 20 s too late: dropped without a word.',
    ({ whisper }) => whisper.envelopesExpired,
  ),
  counter(
    'envelopes_refused',
    'Envelopes refused, and reported to the peer.',
    ({ whisper }) => ({ ...whisper.refusals }),
    'reason',
  ),
  counter(
    'envelopes_evicted',
    'Envelopes that a full pool had to drop.',
    ({ whisper }) => whisper.envelopesEvicted,
  ),
  counter('envelopes_sent', 'Envelopes sent, over all peers.', ({ whisper }) => whisper.envelopesSent),
  counter(
    'own_envelopes_refused',
    'Envelopes of clients of this node that a peer did not take.',
    ({ whisper }) => whisper.ownRefused,
  ),
  counter(
    'direct_received',
    'Envelopes that trusted peers sent to this node alone.',
    ({ whisper }) => whisper.directReceived,
  ),
  counter(
    'confirmations_missing',
    'Packets that were not confirmed: the peer did not read (unread), or what is awaited before failed (withheld).',
    ({ whisper }) => ({ unread: whisper.confirmationsLeftOut, withheld: whisper.confirmationsWithheld }),
    'cause',
  ),
  counter(
    'envelopes_tried',
    'Envelopes tried with keys of filters.',
    ({ whisper }) => whisper.envelopesTried,
  ),
  counter('messages_delivered', 'Messages given to clients.', ({ whisper }) => whisper.messagesDelivered),
  counter('archive_envelopes_stored', 'Envelopes written to the archive.', ({ mail }) => mail?.stored ?? 0),
  counter('archive_envelopes_known', 'Envelopes that the archive had.', ({ mail }) => mail?.known ?? 0),
  counter(
    'archive_envelopes_pruned',
    'Envelopes that age or the quota has taken.',
    ({ mail }) => mail?.pruned ?? 0,
  ),
  counter('archive_failures', 'Times that the archive failed.', ({ mail }) => mail?.failures ?? 0),
  counter(
    'archive_envelopes_lost',
    'Envelopes that were given up because the archive failed for too long.',
    ({ mail }) => mail?.lost ?? 0,
  ),
  counter(
    'mail_requests',
    'Requests for history: answered in full, refused with a reason, given up because the link was gone or too slow.',
    ({ mail }) => ({
      ...{ answered: mail?.answered ?? 0, refused: mail?.refused ?? 0, 'given-up': mail?.givenUp ?? 0 },
    }),
    'outcome',
  ),
  counter(
    'mail_envelopes_sent',
    'Envelopes in answers to requests for history.',
    ({ mail }) => mail?.answeredEnvelopes ?? 0,
  ),
  counter(
    'mail_bytes_sent',
    'Bytes of envelopes in answers to requests for history.',
    ({ mail }) => mail?.answeredBytes ?? 0,
  ),
  counter(
    'packets_received',
    'Packets of peers by what they are.',
    ({ whisper }) => byCode(whisper, 'packetsReceived'),
    'packet',
  ),
  counter(
    'packets_sent',
    'Packets to peers by what they are.',
    ({ whisper }) => byCode(whisper, 'packetsSent'),
    'packet',
  ),
  counter(
    'bytes_received',
    'Bytes in packets of peers, uncompressed.',
    ({ whisper }) => byCode(whisper, 'bytesReceived'),
    'packet',
  ),
  counter(
    'bytes_sent',
    'Bytes in packets to peers, uncompressed.',
    ({ whisper }) => byCode(whisper, 'bytesSent'),
    'packet',
  ),
]

/** `batchAcknowledged` is `batch-acknowledged`. */
const PACKET_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(packetCodes).map(([name, code]) => [
    code,
    name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`),
  ]),
)

/** Known packets are there from the start; all unknown codes, which peers choose, count together. */
function byCode(
  { traffic }: WhisperStats,
  field: Exclude<keyof CodeTraffic, 'code'>,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = Object.fromEntries([...PACKET_NAMES.values()].map((n) => [n, 0]))
  for (const one of traffic) {
    const name = PACKET_NAMES.get(one.code) ?? 'unknown'
    counts[name] = (counts[name] ?? 0) + one[field]
  }
  return counts
}
