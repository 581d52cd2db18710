/**
 * The two faces of a connection to one peer: {@link Link}, what a subprotocol holds (one per shared capability), and
 * {@link LinkCore}, the connection itself without a socket: bytes in, outputs out, no timers, never throws.
 *
 * Not here: sockets, queues, dial policy (the host's), what a subprotocol says (the subprotocol's).
 */
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import type { DisconnectReason } from './base/disconnect.ts'
import type { Hello } from './base/hello.ts'
import type { Capability, SharedCapability } from './capabilities.ts'

/** One capability on one connection. Has the shape that `@status-protocol/whisper` calls `WhisperLink`. */
export interface Link {
  /** The capability that both sides run here. */
  readonly capability: Capability
  /** 64 bytes: the peer's public key without 0x04, authenticated by the handshake. */
  readonly peerId: Uint8Array
  /** Literal address the peer is seen at. */
  readonly ip?: string
  /** This side dialled; false: it was dialled. Left out where it is not known. */
  readonly outbound?: boolean
  /** The operator lists this peer as trusted. */
  readonly trusted: boolean
  /** Largest uncompressed packet body that the link carries, in bytes. */
  readonly maxPacketBytes: number
  /**
   * Queues one packet: `code` 0 .. capability.length - 1, uncompressed body. `full`: not taken, wait for
   * {@link drained}; `closed`: not taken, for good. Never throws: a code or a body out of range closes nothing and is
   * answered `closed` (the core says why in {@link SendRefusal}).
   */
  send(code: number, body: Uint8Array): 'ok' | 'full' | 'closed'
  /** Resolves when {@link send} takes packets again, or when the link has closed. */
  drained(): Promise<void>
  /** Packets in order of arrival; ends when the link closes. Not pulling is back-pressure. Once per link. */
  packets(): AsyncIterable<{ readonly code: number; readonly body: Uint8Array }>
  /** Says why and closes the whole connection; what is queued is sent first, within a bound. */
  close(reason: number): void
  /** The disconnect reason, ours or the peer's, when the link is down. */
  readonly closed: Promise<number>
}

interface LinkCoreCommonOptions {
  /** 32 bytes: this node's identity. */
  readonly nodeKey: Uint8Array
  /** What we offer, any order; several versions of one name are fine. At most 32. */
  readonly capabilities: readonly Capability[]
  /** Shown to the peer in Hello, for people; at most 256 bytes of UTF-8. */
  readonly clientName: string
  /** Shown to the peer in Hello; 0 (default): we do not listen. */
  readonly listenPort?: number
  /** Key-grade: ephemeral keys, nonces, initial counters. */
  readonly random: Random
  readonly crypto?: CryptoProvider
  readonly limits?: Partial<LinkLimits>
  /**
   * Asked once, as soon as the handshake has authenticated the peer and before Hello. A reason refuses it: the core
   * writes that Disconnect in place of Hello and closes. The place for "too many peers", "already connected" and the
   * like. Must be synchronous and must not throw (if it does: `subprotocolError`).
   */
  readonly admit?: (peerId: Uint8Array) => DisconnectReason | undefined
}

/** What a connection is made of. */
export type LinkCoreOptions =
  | (LinkCoreCommonOptions & {
      /** We dialled: we send auth, and know whom we expect. */
      readonly role: 'initiator'
      /** 64 bytes: who must answer. */
      readonly remoteId: Uint8Array
    })
  | (LinkCoreCommonOptions & {
      /** We were dialled: we wait for auth. */
      readonly role: 'responder'
    })

/** Bounds of one connection. */
export interface LinkLimits {
  /** From {@link LinkCore.start} to open; 5,000 as go-ethereum has it. */
  readonly handshakeTimeoutMs: number
  /** We send a Ping this often; 15,000 as go-ethereum has it. */
  readonly pingIntervalMs: number
  /** No whole message for this long closes (bytes that trickle in do not count); 30,000 as go-ethereum has it. */
  readonly idleTimeoutMs: number
  /** Largest uncompressed packet body, both directions, in bytes; at most and by default 2^24 - 1. */
  readonly maxPacketBytes: number
}

/**
 * Where a connection is. `auth` -> `hello` -> `open` -> `closed`; any state may go to `closed`.
 * Each state holds what is known in it and nothing else.
 */
export type LinkState =
  /** Waits for the peer's auth or ack. */
  | { readonly type: 'auth' }
  /** Keys are agreed, our Hello is out, the peer's is awaited. */
  | { readonly type: 'hello'; readonly peerId: Uint8Array }
  | LinkOpen
  | LinkClosed

/** Packets flow. */
export interface LinkOpen {
  readonly type: 'open'
  /** 64 bytes, authenticated, the same as `hello.nodeId`. */
  readonly peerId: Uint8Array
  readonly hello: Hello
  /** At least one, sorted by name. */
  readonly capabilities: readonly SharedCapability[]
  /** Both sides speak devp2p 5: bodies are compressed on the wire. */
  readonly snappy: boolean
}

/** The end, with what to tell the operator. */
export interface LinkClosed {
  readonly type: 'closed'
  /** As the peer gave it, or ours. */
  readonly reason: DisconnectReason
  readonly by: 'us' | 'peer'
  /** Who it was, once the handshake has told. */
  readonly peerId?: Uint8Array
  /** What happened, stable, for counting. */
  readonly cause: LinkCloseCause
  /** The same for people; no secrets, no message contents. */
  readonly detail: string
  /** A `write` with our Disconnect came right before: let it drain for a moment. Otherwise the socket can go at once. */
  readonly disconnectWritten: boolean
}

export type LinkCloseCause =
  /** {@link LinkCore.disconnect} was called, or `admit` refused. */
  | 'local'
  /** The peer sent Disconnect. */
  | 'remote'
  /** Auth or ack cannot be read: not RLPx, not meant for this key, tampered with. */
  | 'bad-handshake'
  | 'handshake-timeout'
  | 'idle-timeout'
  /** Frame header or body fails its MAC, or is larger than allowed. */
  | 'bad-frame'
  /** Hello cannot be read, is over 2,048 bytes, or something else came in its place. */
  | 'bad-hello'
  /** Hello's node id is not the key of the handshake. */
  | 'identity-mismatch'
  /** The peer has our own key. */
  | 'self'
  /** No capability in common. */
  | 'useless-peer'
  /** A body that Snappy cannot read. */
  | 'bad-compression'
  /** A packet above `maxPacketBytes` once uncompressed; larger frames are `bad-frame`. */
  | 'too-big'
  /** A message code that no shared capability owns. */
  | 'unknown-code'

/**
 * What the owner of the socket does. First all `write` outputs of a result, then the others in their order: whoever
 * handles an `open` or a `packet` may call {@link LinkCore.send}, whose frames come after these. After a `close` nothing
 * follows.
 *
 * - `write`: hand to the socket. Bytes are the receiver's to keep.
 * - `open`: once, when packets may flow.
 * - `packet`: only after `open`; `code` counts from 0 within the capability; `body` is uncompressed and the receiver's to keep.
 * - `close`: once; write what is queued (within a bound), end the socket.
 */
export type LinkOutput =
  | { readonly type: 'write'; readonly bytes: Uint8Array }
  | { readonly type: 'open'; readonly link: LinkOpen }
  | {
      readonly type: 'packet'
      readonly capability: SharedCapability
      readonly code: number
      readonly body: Uint8Array
    }
  | { readonly type: 'close'; readonly closed: LinkClosed }

/** Why {@link LinkCore.send} did not make a frame. The link lives on. */
export type SendRefusal =
  /** Not open yet, or closed. */
  | 'not-open'
  /** The peer does not share that capability. */
  | 'unknown-capability'
  /** Not an integer in 0 .. length - 1. */
  | 'code-out-of-range'
  /** Above `maxPacketBytes`, or more than one frame holds once compressed. */
  | 'too-big'

/**
 * One RLPx connection as a machine of bytes: handshake, Hello, framing, Snappy, Ping/Pong, Disconnect, demultiplexing.
 * Made by `createLinkCore`. No method throws on anything a peer sends; `nowMs` is monotonic time and never goes back.
 *
 * Memory: at most one unfinished frame is kept (`maxPacketBytes` and a bit, grown as its bytes arrive), about 2 kB
 * during the handshake and Hello. The outputs of one {@link receive} hold at most 22 times its bytes plus
 * `maxPacketBytes` (Snappy's best case). Order: frames leave the core encrypted in sequence, so `write` outputs and the
 * results of {@link send} must reach the socket in the order in which they were returned, none left out.
 */
export interface LinkCore {
  readonly state: LinkState
  /** When {@link tick} wants to be called next, on the clock of `nowMs`; undefined before start and when closed. */
  readonly wakeAtMs: number | undefined
  /** Once, when the socket is connected. The initiator's auth comes out of it. */
  start(nowMs: number): readonly LinkOutput[]
  /** Bytes from the socket, in any portions. The array is not kept and may be used again afterwards. */
  receive(bytes: Uint8Array, nowMs: number): readonly LinkOutput[]
  /** One frame to write, or why not. `capability` is its name; `code` counts from 0 within it. */
  send(capability: string, code: number, body: Uint8Array): Uint8Array | SendRefusal
  /** Timeouts and Pings. Cheap; may be called too early or too late. */
  tick(nowMs: number): readonly LinkOutput[]
  /**
   * The owner stops (true) or takes up (false) reading its socket, because packets are not pulled: while it does not
   * read, the peer cannot be blamed for silence and the idle timeout does not run. Handshake timeouts do.
   */
  pauseReading(paused: boolean, nowMs: number): void
  /** Ends the connection from our side. A Disconnect is written if keys are agreed. Again or when closed: no outputs. */
  disconnect(reason: DisconnectReason): readonly LinkOutput[]
}
