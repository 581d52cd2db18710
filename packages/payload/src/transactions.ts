/**
 * Messages about payments between two people. The chain is never touched here.
 *
 * `chatId` is ours, field 1001: whom it is for, `0x04...` of the recipient. Without it, as Go writes them, the author's other
 * devices cannot tell; a reader for whom it is not refuses it.
 */
import { optional, optionalBytes, type TableCodec, tableCodec, text, uint64 } from './codec.ts'
import { status } from './generated/payload.js'

/** "Which address shall I pay to?" (wire type 6) */
export interface RequestAddressForTransaction {
  readonly type: 'request-address-for-transaction'
  readonly clock: bigint
  /** Amount in the smallest unit (wei, or that of the token), as decimal text. Go passes on anything that it reads as a number. */
  readonly value: string
  /** Address of the token's contract; '' for ether. */
  readonly contract: string
  readonly chatId?: string | undefined
  readonly unknownFields?: Uint8Array
}

/** The answer with an address (wire type 7). */
export interface AcceptRequestAddressForTransaction {
  readonly type: 'accept-request-address-for-transaction'
  readonly clock: bigint
  /** Message id of the request, hex with `0x`. */
  readonly id: string
  readonly address: string
  readonly chatId?: string | undefined
  readonly unknownFields?: Uint8Array
}

/** The answer without one (wire type 8). */
export interface DeclineRequestAddressForTransaction {
  readonly type: 'decline-request-address-for-transaction'
  readonly clock: bigint
  /** Message id of the request, hex with `0x`. */
  readonly id: string
  readonly chatId?: string | undefined
  readonly unknownFields?: Uint8Array
}

/** "Please pay me" (wire type 9). */
export interface RequestTransaction {
  readonly type: 'request-transaction'
  readonly clock: bigint
  readonly address: string
  /** Amount in the smallest unit (wei, or that of the token), as decimal text. Go passes on anything that it reads as a number. */
  readonly value: string
  /** Address of the token's contract; '' for ether. */
  readonly contract: string
  readonly chatId?: string | undefined
  readonly unknownFields?: Uint8Array
}

/** "I paid" (wire type 10). The receiver looks the transaction up on the chain. */
export interface SendTransaction {
  readonly type: 'send-transaction'
  readonly clock: bigint
  /** Message id of the request, hex with `0x`; may be ''. */
  readonly id: string
  readonly transactionHash: string
  /** By the paying account, over the author's chat key | transaction hash; undefined when missing. */
  readonly signature?: Uint8Array | undefined
  readonly chatId?: string | undefined
  readonly unknownFields?: Uint8Array
}

/** "I will not pay" (wire type 11). */
export interface DeclineRequestTransaction {
  readonly type: 'decline-request-transaction'
  readonly clock: bigint
  /** Message id of the request, hex with `0x`. */
  readonly id: string
  readonly chatId?: string | undefined
  readonly unknownFields?: Uint8Array
}

export const requestAddressCodec: TableCodec<RequestAddressForTransaction> = tableCodec(
  'RequestAddressForTransaction',
  status.payload.RequestAddressForTransaction,
  { type: 'request-address-for-transaction' },
  { clock: uint64, value: text, contract: text, chatId: optional(text) },
)

export const acceptAddressCodec: TableCodec<AcceptRequestAddressForTransaction> = tableCodec(
  'AcceptRequestAddressForTransaction',
  status.payload.AcceptRequestAddressForTransaction,
  { type: 'accept-request-address-for-transaction' },
  { clock: uint64, id: text, address: text, chatId: optional(text) },
)

export const declineAddressCodec: TableCodec<DeclineRequestAddressForTransaction> = tableCodec(
  'DeclineRequestAddressForTransaction',
  status.payload.DeclineRequestAddressForTransaction,
  { type: 'decline-request-address-for-transaction' },
  { clock: uint64, id: text, chatId: optional(text) },
)

export const requestTransactionCodec: TableCodec<RequestTransaction> = tableCodec(
  'RequestTransaction',
  status.payload.RequestTransaction,
  { type: 'request-transaction' },
  { clock: uint64, address: text, value: text, contract: text, chatId: optional(text) },
)

export const sendTransactionCodec: TableCodec<SendTransaction> = tableCodec(
  'SendTransaction',
  status.payload.SendTransaction,
  { type: 'send-transaction' },
  { clock: uint64, id: text, transactionHash: text, signature: optionalBytes, chatId: optional(text) },
)

export const declineTransactionCodec: TableCodec<DeclineRequestTransaction> = tableCodec(
  'DeclineRequestTransaction',
  status.payload.DeclineRequestTransaction,
  { type: 'decline-request-transaction' },
  { clock: uint64, id: text, chatId: optional(text) },
)
