import { to0xHex } from '@status-protocol/bytes'
import type { Contact, Security } from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'

export interface ContactView {
  readonly publicKey: string
  readonly threeWordName: string
  /** Given by you. */
  readonly name?: string
  /** They have written with forward secrecy. */
  readonly usesRatchet: boolean
  /** Chosen by you for all that you write to them. */
  readonly security?: Security
}

/** A contact as JSON has it, the same for `serve` and `contacts --json`. */
export function contactView({ publicKey, name, usesRatchet, security }: Contact): ContactView {
  return {
    publicKey: to0xHex(publicKey),
    threeWordName: threeWordName(publicKey),
    ...(name === undefined ? {} : { name }),
    usesRatchet,
    ...(security === undefined ? {} : { security }),
  }
}
