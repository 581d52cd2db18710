/** What a peer says of itself (devp2p "Hello", message 0 of the base protocol). */
export interface Hello {
  /** Version of the base protocol; 5 and above compress. */
  readonly version: number
  /** For people. Hostile text: bound by 2,048 bytes, may hold anything. */
  readonly clientName: string
  /** As listed by the peer, in its order, repeats and unknown names included. */
  readonly capabilities: readonly { readonly name: string; readonly version: number }[]
  /** A hint, 0 if it does not listen. */
  readonly listenPort: number
  /** 64 bytes, not zero. */
  readonly nodeId: Uint8Array
}
