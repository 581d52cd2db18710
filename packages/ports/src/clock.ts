/** The time as this machine has it, not corrected by anybody. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z. May jump in both directions. */
  wallMs(): number
  /** Milliseconds since some moment. Never goes back. For delays and timeouts. */
  monotonicMs(): number
}
