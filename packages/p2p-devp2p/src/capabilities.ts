/** A subprotocol as one side offers it. */
export interface Capability {
  /** 1 - 8 ASCII characters on most networks (`shh`); not empty here. */
  readonly name: string
  readonly version: number
  /** How many message codes it owns, starting at 0; 128 for `shh/6` (codes 0 .. 127). */
  readonly length: number
}

/** A subprotocol that both sides speak, with its place on the wire. */
export interface SharedCapability extends Capability {
  /** Wire code of its code 0; 16 for the first. */
  readonly offset: number
}
