import { to0xHex } from '@status-protocol/bytes'
import type { ContactRecord } from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'

export interface ContactView {
  readonly publicKey: string
  readonly threeWordName: string
  /** Given by you. */
  readonly name?: string
}

/** A contact as JSON has it, the same for `serve` and `contacts --json`. */
export function contactView({ publicKey, name }: ContactRecord): ContactView {
  return {
    publicKey: to0xHex(publicKey),
    threeWordName: threeWordName(publicKey),
    ...(name === undefined ? {} : { name }),
  }
}
