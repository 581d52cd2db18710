/**
 * The node without links, timers and queues: what a packet does to the pool and the peers, what a peer gets next.
 * Pure but for its own state: time comes in as arguments, what has to be done outside comes out as {@link CoreOutput}s.
 */
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { judgeEnvelope, REFUSAL_TEXTS, type RefusalReason } from '../acceptance.ts'
import type { Bloom } from '../bloom.ts'
import { detachEnvelope, type Envelope, type EnvelopeHash, envelopeHash } from '../envelope.ts'
import { encodeBatchAcknowledged } from '../packets/batch-acknowledged.ts'
import { MAX_PACKET_BYTES, packetCodes } from '../packets/codes.ts'
import {
  type EnvelopeError,
  encodeMessageResponse,
  envelopeErrorCodes,
  type MessageResponse,
} from '../packets/message-response.ts'
import { batchHash, encodeMessages } from '../packets/messages.ts'
import type { Status } from '../packets/status.ts'
import { powOf } from '../pow.ts'
import { bundleTaken, nextBundle, rescanWaitMs, startRescan } from './bundle.ts'
import { type InboundContext, readNextPacket } from './inbound.ts'
import { MAX_REPORTED_ERRORS } from './limits.ts'
import type { CoreOutput, Now, Packet, Sending } from './outputs.ts'
import { OwnEnvelopes } from './own-envelopes.ts'
import { type Peer, type PeerLink, peerFrom, setBloom, setMinPow, setRateLimits } from './peer.ts'
import { EnvelopePool, type PoolEntry, type PoolLimits } from './pool.ts'
import { PrivacyDelay } from './privacy-delay.ts'
import { RateLimiter } from './rate-limiter.ts'
import { refusalOf } from './refusal.ts'
import { Requirements } from './requirements.ts'
import { noCounts, noRefusals, type WhisperCounters } from './stats.ts'
import type { TimeEvidence } from './time-evidence.ts'
import type { TraceEnvelope } from './trace.ts'
import { Traffic } from './traffic.ts'

export interface CoreOptions {
  readonly minPow: number
  /** Undefined: everything. */
  readonly bloom: Bloom | undefined
  readonly maxMessageBytes: number
  readonly maxTtlSeconds: number
  /** In packet 12. Undefined: those of the peer's own generation. */
  readonly errorCodes: keyof typeof envelopeErrorCodes | undefined
  readonly pool: Partial<PoolLimits>
  /** Longest time that an envelope is held back from peers; 0: none is. */
  readonly privacyDelayMs: number
  readonly random: Random
  /** Where to note what a link's packets say about the time; undefined: it is not asked. */
  evidenceOf(id: number): TimeEvidence | undefined
  readonly crypto: CryptoProvider
  /** Costs nothing when left out. */
  readonly trace: TraceEnvelope | undefined
}

export class WhisperCore {
  readonly counters: WhisperCounters = noCounts()
  readonly refusals: Record<RefusalReason, number> = noRefusals()
  readonly traffic: Traffic = new Traffic()
  readonly requirements: Requirements
  readonly limiter: RateLimiter = new RateLimiter()
  readonly pool: EnvelopePool
  readonly own: OwnEnvelopes = new OwnEnvelopes()
  /** BOUNDED by how many links the P2P layer keeps. */
  readonly #peers = new Map<number, Peer>()
  readonly #options: CoreOptions
  readonly #trace: TraceEnvelope | undefined
  readonly #delay: PrivacyDelay<PoolEntry> | undefined
  #forwards = true

  constructor(options: CoreOptions) {
    this.#options = options
    this.#trace = options.trace
    if (options.privacyDelayMs > 0) this.#delay = new PrivacyDelay(options.privacyDelayMs, options.random)
    this.requirements = new Requirements(options.minPow, options.bloom, options.maxMessageBytes)
    this.pool = new EnvelopePool(options.pool)
  }

  /** A link whose handshake went well. The peer is offered the whole unexpired pool. */
  connected(link: PeerLink, status: Status, now: Now): Peer {
    const maxPacketBytes = Math.min(link.maxPacketBytes, MAX_PACKET_BYTES)
    const rate = this.limiter.connected(link.ip, now.monotonicMs)
    const peer = peerFrom({ ...link, maxPacketBytes, rate }, status)
    this.#peers.set(peer.id, peer)
    return peer
  }

  disconnected(peer: Peer): void {
    this.#peers.delete(peer.id)
    this.limiter.disconnected(peer.rate)
    this.own.forgetPeer(peer.id)
    this.pool.disown(peer.id)
  }

  /** A node that does not forward, a light one, sends its peers nothing but what it made itself. */
  setForwarding(forwards: boolean): void {
    if (forwards && !this.#forwards) for (const peer of this.#peers.values()) peer.rescan = true
    this.#forwards = forwards
  }

  /** One packet after the handshake. */
  receive(peer: Peer, { code, body }: Packet, context: InboundContext, now: Now): readonly CoreOutput[] {
    const inbound = readNextPacket(code, body, context)
    switch (inbound.type) {
      case 'messages':
        return this.#messages(peer, body, inbound.envelopes, context, now)
      case 'pow-requirement':
        setMinPow(peer, inbound.minPow)
        return wantsMore(peer)
      case 'bloom-filter':
        setBloom(peer, inbound.bloom)
        return wantsMore(peer)
      case 'rate-limits':
        setRateLimits(peer, inbound.rateLimits)
        return wantsMore(peer)
      case 'batch-acknowledged':
        return this.#confirmed(this.own.acknowledged(peer.id, inbound.batchHash), peer)
      case 'message-response':
        return this.#responded(peer, inbound.response, now)
      case 'direct':
        this.counters.directReceived += inbound.envelopes.length
        return inbound.envelopes.map((envelope) => ({
          type: 'deliver',
          delivery: { envelope: detachEnvelope(envelope), pow: 0, direct: true },
        }))
      case 'ignored':
        return []
      case 'breach':
        return [{ type: 'drop', detail: inbound.detail }]
      default:
        return [{ type: 'mail', mail: inbound }]
    }
  }

  /** An envelope of our own. Our own requirements do not apply to it, those of each peer do. */
  post(envelope: Envelope, now: Now): readonly CoreOutput[] {
    const { crypto } = this.#options
    const hash = envelopeHash(envelope, crypto)
    const pow = powOf(envelope, { crypto })
    const added = this.pool.add({ envelope, hash, pow }, 'own', now.unixSeconds, this.#delay !== undefined)
    if (added.result !== 'added') return []
    this.own.add(hash, envelope.expiryUnixSeconds)
    this.#trace?.({ hash, what: 'accepted' })
    this.#delay?.hold(added.entry, now.monotonicMs)
    this.#evicted(added.evicted)
    return [this.#newInPool(), { type: 'deliver', delivery: { envelope, pow, direct: false } }]
  }

  /**
   * Hands the next packet for this peer to its link. `send` is called at most once, before this returns; only what it
   * takes counts as known to the peer.
   */
  sendNext(peer: Peer, send: (packet: Packet) => 'ok' | 'full' | 'closed', now: Now): Sending {
    startRescan(peer, now.monotonicMs)
    const bundle = nextBundle(peer, this.pool, now, this.#forwards)
    if (bundle.entries.length === 0) {
      bundleTaken(peer, bundle, now.monotonicMs)
      return { result: 'nothing', more: bundle.more, ...waitOf(peer, now), outputs: [] }
    }
    const body = encodeMessages(bundle.entries.map((entry) => entry.envelope))
    const result = send({ code: packetCodes.messages, body })
    if (result !== 'ok') return { result, more: false, outputs: [] }
    bundleTaken(peer, bundle, now.monotonicMs)
    this.counters.envelopesSent += bundle.entries.length
    if (this.#trace)
      for (const { hash } of bundle.entries) this.#trace({ hash, what: 'sent', peerId: peer.nodeId })
    const outputs = this.#trackOwn(peer, body, bundle.entries)
    return { result, more: bundle.more, ...waitOf(peer, now), outputs }
  }

  /** When something that a privacy delay holds back may go. Undefined: nothing is. */
  get nextReleaseMs(): number | undefined {
    return this.#delay?.nextMs
  }

  /** Offers what has been held back long enough. */
  release(now: Now): readonly CoreOutput[] {
    const due = this.#delay?.due(now.monotonicMs) ?? []
    for (const entry of due) this.pool.release(entry)
    return due.length > 0 ? [{ type: 'pooled' }] : []
  }

  /** Lets time pass: once a second is enough. */
  expire(now: Now): readonly CoreOutput[] {
    const expired = this.pool.expire(now.unixSeconds)
    this.#gone(expired)
    if (this.#trace) for (const { hash } of expired) this.#trace({ hash, what: 'expired' })
    return this.own.expire(now.unixSeconds).map((hash) => ({ type: 'own', news: { hash, state: 'expired' } }))
  }

  /** Whether {@link expire} has anything to wait for. */
  get isIdle(): boolean {
    return this.pool.size === 0 && this.pool.evictedHashes === 0 && this.own.size === 0
  }

  #messages(
    peer: Peer,
    body: Uint8Array,
    envelopes: readonly Envelope[],
    { trusted }: InboundContext,
    now: Now,
  ): readonly CoreOutput[] {
    const outputs: CoreOutput[] = []
    const batch: Envelope[] = []
    const errors: EnvelopeError[] = []
    const policy = {
      ...this.requirements.policy(now.monotonicMs),
      nowUnixSeconds: now.unixSeconds,
      maxTtlSeconds: this.#options.maxTtlSeconds,
      olderPowSuffices: peer.olderPow,
      crypto: this.#options.crypto,
    }
    this.counters.envelopesReceived += envelopes.length
    const [trace, peerId] = [this.#trace, peer.nodeId]
    const evidence = this.#options.evidenceOf(peer.id)
    if (evidence) for (const envelope of envelopes) evidence.forwarded(envelope, now.monotonicMs)
    for (const envelope of envelopes) {
      const hash = envelopeHash(envelope, this.#options.crypto)
      trace?.({ hash, what: 'received', peerId })
      const known = this.#known(peer, hash)
      if (known) {
        batch.push(known.envelope)
        continue
      }
      let verdict = judgeEnvelope(envelope, policy)
      if (verdict.verdict === 'accepted' && !trusted && !peer.rate.envelope(envelope.topic, now.monotonicMs))
        verdict = { verdict: 'refused', reason: 'topic-limit' }
      if (verdict.verdict === 'accepted') {
        const item = { envelope: detachEnvelope(envelope), hash, pow: verdict.pow }
        batch.push(item.envelope)
        if (this.#isNew(peer, item, now))
          outputs.push({
            type: 'deliver',
            delivery: { envelope: item.envelope, pow: item.pow, direct: false },
          })
      } else if (verdict.verdict === 'refused') {
        this.counters.envelopesRefused++
        this.refusals[verdict.reason]++
        trace?.({ hash, what: 'refused', peerId, reason: verdict.reason })
        if (errors.length < MAX_REPORTED_ERRORS)
          errors.push(
            refusalOf(envelope, verdict.reason, {
              nowUnixSeconds: now.unixSeconds,
              bloom: this.requirements.bloom,
              code: this.#errorCode(peer),
              crypto: this.#options.crypto,
            }),
          )
      } else {
        this.counters.envelopesExpired++
        trace?.({ hash, what: 'expired', peerId })
      }
    }
    if (outputs.length > 0) outputs.push(this.#newInPool())
    outputs.push({ type: 'confirm', batch, packets: this.#confirmation(peer, body, errors) })
    if (evidence) outputs.push({ type: 'time' })
    return outputs
  }

  #known(peer: Peer, hash: EnvelopeHash): PoolEntry | undefined {
    const known = this.pool.get(hash)
    if (known === undefined) return undefined
    peer.known.add(known.place)
    this.counters.envelopesKnown++
    this.#trace?.({ hash, what: 'known', peerId: peer.nodeId })
    return known
  }

  /** Takes the envelope into the pool. Not new: the pool had it before and could not keep it. */
  #isNew(peer: Peer, item: Pick<PoolEntry, 'envelope' | 'hash' | 'pow'>, now: Now): boolean {
    const added = this.pool.add(item, peer.id, now.unixSeconds, this.#delay !== undefined)
    if (added.result !== 'added') {
      this.counters.envelopesKnown++
      this.#trace?.({ hash: item.hash, what: 'known', peerId: peer.nodeId })
      return false
    }
    peer.known.add(added.entry.place)
    this.counters.envelopesAccepted++
    this.#trace?.({ hash: item.hash, what: 'accepted', peerId: peer.nodeId })
    this.#delay?.hold(added.entry, now.monotonicMs)
    this.#evicted(added.evicted) // after the mark and the hold: the new one itself may be among them
    return true
  }

  #newInPool(): CoreOutput {
    return { type: this.#delay ? 'held' : 'pooled' }
  }

  #evicted(entries: readonly PoolEntry[]): void {
    if (entries.length === 0) return
    this.#gone(entries)
    this.counters.envelopesEvicted += entries.length
    if (this.#trace) for (const { hash } of entries) this.#trace({ hash, what: 'evicted' })
  }

  /** One for whatever was wrong, as in the reference. Rate limits in the handshake tell 0.39 and later from 0.36. */
  #errorCode({ generation }: Peer): number {
    return envelopeErrorCodes[this.#options.errorCodes ?? generation].timeNotSynced
  }

  #confirmation(peer: Peer, body: Uint8Array, errors: readonly EnvelopeError[]): readonly Packet[] {
    const hash = batchHash(body, this.#options.crypto)
    const response = encodeMessageResponse({ batchHash: hash, errors }, { maxBytes: peer.maxPacketBytes })
    const packets: Packet[] = [{ code: packetCodes.messageResponse, body: response }]
    // Who counts our packets is told once: 12 says all that 11 does, and whoever announces limits reads it.
    if (!peer.pace.isPaced)
      packets.push({ code: packetCodes.batchAcknowledged, body: encodeBatchAcknowledged(hash) })
    return packets
  }

  #trackOwn(peer: Peer, body: Uint8Array, entries: readonly PoolEntry[]): readonly CoreOutput[] {
    const own = entries.filter((entry) => entry.own).map((entry) => entry.hash)
    if (own.length === 0) return []
    if (!peer.confirmations) return this.#confirmed(this.own.taken(own), peer)
    this.own.sent(peer.id, batchHash(body, this.#options.crypto), own)
    return []
  }

  #responded(peer: Peer, response: MessageResponse, now: Now): readonly CoreOutput[] {
    const { confirmed, refused } = this.own.responded(peer.id, response)
    this.counters.ownRefused += refused.length
    if (this.#trace)
      for (const { hash, description } of refused)
        this.#trace({ hash, what: 'declined', peerId: peer.nodeId, reason: description })
    this.#noteTime(peer, refused, now)
    return [...this.#confirmed(confirmed, peer), { type: 'time' }]
  }

  /** All errors have one code; the texts tell which are about the time. */
  #noteTime(peer: Peer, refused: readonly EnvelopeError[], now: Now): void {
    const evidence = this.#options.evidenceOf(peer.id)
    for (const { hash, description } of refused) {
      const reason = (['from-future', 'very-old'] as const).find((reason) =>
        description.startsWith(REFUSAL_TEXTS[reason]),
      )
      const entry = this.pool.get(hash)
      if (reason && entry) evidence?.refused(entry.envelope, reason, now.monotonicMs)
    }
  }

  #confirmed(hashes: readonly EnvelopeHash[], { nodeId: peerId }: Peer): readonly CoreOutput[] {
    if (this.#trace) for (const hash of hashes) this.#trace({ hash, what: 'confirmed', peerId })
    return hashes.map((hash) => ({ type: 'own', news: { hash, state: 'confirmed', peerId } }))
  }

  /** Their places will be given to others: nobody may be taken to know those. */
  #gone(entries: readonly PoolEntry[]): void {
    for (const { place } of entries) for (const peer of this.#peers.values()) peer.known.delete(place)
    if (this.#delay) for (const entry of entries) this.#delay.drop(entry)
  }
}

function waitOf(peer: Peer, now: Now): { readonly waitMs?: number } {
  const waitMs = rescanWaitMs(peer, now.monotonicMs)
  return waitMs === undefined ? {} : { waitMs }
}

function wantsMore(peer: Peer): readonly CoreOutput[] {
  return peer.rescan ? [{ type: 'wants-more' }] : []
}
