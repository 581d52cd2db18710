/** What goes into the core and what comes out of it, as plain data. */
import type { Envelope, EnvelopeHash } from '../envelope.ts'
import type { HistoryRequest } from '../packets/request.ts'
import type { RequestComplete } from '../packets/request-complete.ts'
import type { SyncRequest, SyncResponse } from '../packets/sync.ts'

/** The moment of an input. */
export interface Now {
  /** Corrected if the node corrects its clock. */
  readonly unixSeconds: number
  readonly monotonicMs: number
}

/** What an input asks the driver to do, in this order. */
export type CoreOutput =
  /** The peer has broken the rules: its link has to end. */
  | { readonly type: 'drop'; readonly detail: string }
  /** The pool has something new, which peers may want. */
  | { readonly type: 'pooled' }
  /** The pool has something new, which peers are offered after `nextReleaseMs` of the core. */
  | { readonly type: 'held' }
  /** This peer may want more than before. */
  | { readonly type: 'wants-more' }
  /** For the filters. */
  | { readonly type: 'deliver'; readonly delivery: Delivery }
  /** Packets 12 and 11, in this order, once `batch` is safe. */
  | { readonly type: 'confirm'; readonly batch: readonly Envelope[]; readonly packets: readonly Packet[] }
  /** An own envelope's news. */
  | { readonly type: 'own'; readonly news: EnvelopeNews }
  /** A peer that is asked about the time has said something about it. */
  | { readonly type: 'time' }
  /** For those who serve or use mail servers. */
  | { readonly type: 'mail'; readonly mail: MailPacket }

export interface Packet {
  readonly code: number
  readonly body: Uint8Array
}

/** An envelope that filters may open. */
export interface Delivery {
  readonly envelope: Envelope
  /** 0 for direct ones: theirs is not weighed. */
  readonly pow: number
  /** From a trusted peer for us alone, not from the pool. */
  readonly direct: boolean
}

export interface EnvelopeNews {
  readonly hash: EnvelopeHash
  readonly state: 'confirmed' | 'expired'
  /** Who confirmed, 64 bytes. */
  readonly peerId?: Uint8Array
}

export type MailPacket =
  | { readonly type: 'request'; readonly request: HistoryRequest }
  | { readonly type: 'request-complete'; readonly outcome: RequestComplete }
  | { readonly type: 'sync-request'; readonly request: SyncRequest }
  | { readonly type: 'sync-response'; readonly response: SyncResponse }

/** What `sendNext` of the core did. */
export interface Sending {
  readonly result: 'ok' | 'full' | 'closed' | 'nothing'
  /** There may be more right now. */
  readonly more: boolean
  /** There may be more, but not before this time has passed. */
  readonly waitMs?: number
  readonly outputs: readonly CoreOutput[]
}
