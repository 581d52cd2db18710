/** Whom a mailserver answers, or asks. */
/** What a mailserver needs of a peer; `WhisperPeer` has it. */
export interface MailPeer {
  /** 64 bytes. */
  readonly peerId: Uint8Array
  /** Largest packet body that it takes. Default 1 MiB. */
  readonly maxPacketBytes?: number
  /**
   * True once the link has taken the packet, which waits while the peer is slow; false if the link has closed. `signal`:
   * nobody waits any more, and a packet that was not taken must not stay in memory.
   */
  send(code: number, body: Uint8Array, signal?: AbortSignal): Promise<boolean>
}

/** What `send` says, or false once it fails or nobody waits for it any more. */
export async function sent(
  to: MailPeer,
  code: number,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const over = new Promise<boolean>((resolve) => {
      signal.addEventListener('abort', () => resolve(false))
    })
    return await Promise.race([to.send(code, body, signal), over])
  } catch {
    return false // a smaller limit than the peer said, or its link has failed
  }
}
