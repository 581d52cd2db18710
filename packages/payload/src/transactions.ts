/** Messages about payments between two people. The chain is never touched here. */
import { optionalBytes, type TableCodec, tableCodec, text, uint64 } from './codec.ts'
import { status } from './generated/payload.js'

/** "Which address shall I pay to?" (wire type 6) */
export interface RequestAddressForTransaction {
  readonly type: 'request-address-for-transaction'
  readonly clock: bigint
  /** Amount in whole units of the asset, as decimal text. */
  readonly value: string
  /** Address of the token's contract; '' for ether. */
  readonly contract: string
  readonly unknownFields?: Uint8Array
}

/** The answer with an address (wire type 7). */
export interface AcceptRequestAddressForTransaction {
  readonly type: 'accept-request-address-for-transaction'
  readonly clock: bigint
  /** Message id of the request, hex with `0x`. */
  readonly id: string
  readonly address: string
  readonly unknownFields?: Uint8Array
}

/** The answer without one (wire type 8). */
export interface DeclineRequestAddressForTransaction {
  readonly type: 'decline-request-address-for-transaction'
  readonly clock: bigint
  /** Message id of the request, hex with `0x`. */
  readonly id: string
  readonly unknownFields?: Uint8Array
}

/** "Please pay me" (wire type 9). */
export interface RequestTransaction {
  readonly type: 'request-transaction'
  readonly clock: bigint
  readonly address: string
  /** Amount in whole units of the asset, as decimal text. */
  readonly value: string
  /** Address of the token's contract; '' for ether. */
  readonly contract: string
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
  readonly unknownFields?: Uint8Array
}

/** "I will not pay" (wire type 11). */
export interface DeclineRequestTransaction {
  readonly type: 'decline-request-transaction'
  readonly clock: bigint
  /** Message id of the request, hex with `0x`. */
  readonly id: string
  readonly unknownFields?: Uint8Array
}

export const requestAddressCodec: TableCodec<RequestAddressForTransaction> = tableCodec(
  'RequestAddressForTransaction',
  status.payload.RequestAddressForTransaction,
  { type: 'request-address-for-transaction' },
  { clock: uint64, value: text, contract: text },
)

export const acceptAddressCodec: TableCodec<AcceptRequestAddressForTransaction> = tableCodec(
  'AcceptRequestAddressForTransaction',
  status.payload.AcceptRequestAddressForTransaction,
  { type: 'accept-request-address-for-transaction' },
  { clock: uint64, id: text, address: text },
)

export const declineAddressCodec: TableCodec<DeclineRequestAddressForTransaction> = tableCodec(
  'DeclineRequestAddressForTransaction',
  status.payload.DeclineRequestAddressForTransaction,
  { type: 'decline-request-address-for-transaction' },
  { clock: uint64, id: text },
)

export const requestTransactionCodec: TableCodec<RequestTransaction> = tableCodec(
  'RequestTransaction',
  status.payload.RequestTransaction,
  { type: 'request-transaction' },
  { clock: uint64, address: text, value: text, contract: text },
)

export const sendTransactionCodec: TableCodec<SendTransaction> = tableCodec(
  'SendTransaction',
  status.payload.SendTransaction,
  { type: 'send-transaction' },
  { clock: uint64, id: text, transactionHash: text, signature: optionalBytes },
)

export const declineTransactionCodec: TableCodec<DeclineRequestTransaction> = tableCodec(
  'DeclineRequestTransaction',
  status.payload.DeclineRequestTransaction,
  { type: 'decline-request-transaction' },
  { clock: uint64, id: text },
)
