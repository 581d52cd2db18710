/**
 * Transaction commands as they are stored and shown. Of those that others send every field is checked; whether there is such
 * a transaction nobody here knows: what is announced was not checked.
 */
import type { PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { type KnownMessage, MESSAGE_TYPES } from '@status-protocol/payload'
import { formatAddress, parseAddress } from '@status-protocol/trust'
import type { MessageIdText } from '../message.ts'
import { amountText, MAX_VALUE_CHARS } from './amounts.ts'
import { signerOf } from './signature.ts'
import type { CommandState } from './states.ts'

/** About a payment between two people. Addresses have the capitals of EIP-55. The text of the message is made here. */
export interface Command {
  readonly kind: 'command'
  readonly command: CommandType
  /** In the smallest unit (wei, or that of the token), as its author wrote it: see {@link isAmount}. */
  readonly value?: string
  /** Of the token; absent for ether. */
  readonly contract?: string
  readonly address?: string
  /** `0x` and 64 hex digits. */
  readonly transactionHash?: string
  /**
   * With `transactionHash`: the account that signed it together with its author's chat key. It is theirs to announce only if
   * the chain says that the transaction is from this account. Absent: the signature is none.
   */
  readonly signer?: string
  /** Message id of the request that this answers; absent in what begins a command. */
  readonly request?: MessageIdText
  /** How far the command is; in what begins it, and only there. */
  readonly state?: CommandState
}

export type CommandMessage = Extract<KnownMessage, { readonly type: `${string}-transaction` }>
export type CommandType = CommandMessage['type']

export const COMMAND_TYPES: readonly CommandType[] = (Object.keys(MESSAGE_TYPES) as CommandType[]).filter(
  (type) => type.endsWith('-transaction'),
)

/** Undefined: a value, an address, a contract, a hash or an id is none. The payload's own rules were asked before. */
export function readCommand(
  message: CommandMessage,
  { author, crypto }: { readonly author: PublicKey; readonly crypto: CryptoProvider },
): Command | undefined {
  const value = 'value' in message ? message.value : undefined
  const contract = 'contract' in message && message.contract !== '' ? message.contract : undefined
  const address = 'address' in message ? message.address : undefined
  const hash = 'transactionHash' in message ? message.transactionHash : undefined
  const id =
    'id' in message && !(message.type === 'send-transaction' && message.id === '') ? message.id : undefined
  if (value !== undefined && value.length > MAX_VALUE_CHARS) return undefined
  if (hash !== undefined && !isTransactionHash(hash)) return undefined
  if (id !== undefined && !/^0x[0-9a-f]{64}$/.test(id)) return undefined
  const [contractText, addressText] = [contract, address].map((text) => text && checksummed(text, crypto))
  if ((contract && !contractText) || (address !== undefined && !addressText)) return undefined
  const transactionHash = hash?.toLowerCase()
  const signature = 'signature' in message ? message.signature : undefined
  const signer = transactionHash && signature && signerOf({ author, transactionHash, signature }, crypto)
  return {
    kind: 'command',
    command: message.type,
    ...(value !== undefined && { value }),
    ...(contractText && { contract: contractText }),
    ...(addressText && { address: addressText }),
    ...(transactionHash && { transactionHash }),
    ...(signer && { signer }),
    ...(id && { request: id as MessageIdText }),
  }
}

export function isTransactionHash(text: string): boolean {
  return /^0x[0-9a-fA-F]{64}$/.test(text)
}

/** `0x` and 40 hex digits with the capitals of EIP-55; undefined if it is no address, or one whose capitals do not fit. */
export function checksummed(text: string, crypto: CryptoProvider): string | undefined {
  if (!text.startsWith('0x')) return undefined
  try {
    return formatAddress(parseAddress(text, { crypto }), { crypto })
  } catch {
    return undefined
  }
}

/** What a command says, in words. */
export function commandText({
  command,
  value = '',
  contract,
  address = '',
  transactionHash = '',
}: Command): string {
  const texts: Readonly<Record<CommandType, () => string>> = {
    'request-address-for-transaction': () => `asks for an address to send ${amountText(value, contract)} to`,
    'accept-request-address-for-transaction': () => `gives the address ${address}`,
    'decline-request-address-for-transaction': () => 'gives no address',
    'request-transaction': () => `asks for ${amountText(value, contract)} to ${address}`,
    'send-transaction': () => `announces the transaction ${transactionHash} (not checked)`,
    'decline-request-transaction': () => 'will not send it',
  }
  return texts[command]()
}
