/** Unpredictable bytes, fit for keys. Jitter and sampling take a seedable source of their own. */
export interface Random {
  bytes(length: number): Uint8Array
}
