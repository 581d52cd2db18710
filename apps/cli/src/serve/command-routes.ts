/** The methods about transaction commands; see `routes.ts`. */
import { fromHex, to0xHex } from '@status-protocol/bytes'
import type { MessageIdText, Messenger } from '@status-protocol/messenger'
import { type Handlers, route } from '@status-protocol/rpc'
import { z } from 'zod'
import { CliError } from '../error.ts'

const chat = z.string().max(200).describe('public key of the other person')
const messageId = z.string().regex(/^0x[0-9a-f]{64}$/, 'expected 0x and 64 hex digits')
const value = z
  .string()
  .max(78)
  .describe('digits of a whole number of the smallest unit: wei, or that of the token')
const contract = z.string().max(42).optional().describe('of a token; without it ether')
const address = z.string().max(42)
const transactionHash = z.string().max(66)
const said = z.object({ messageId: z.string() })

export const COMMAND_ROUTES = {
  'command.requestAddress': route({
    summary:
      'Asks a person which address to pay to. What begins a command is a message whose `content` has its `state`; `command` ' +
      'tells how it changes. See docs/commands.md.',
    params: z.object({ chat, value, contract }),
    result: said,
  }),
  'command.giveAddress': route({
    summary:
      'Answers that with an address, once (error `no-such-request`). Capitals, if mixed, must be those of EIP-55.',
    params: z.object({ messageId, address }),
    result: said,
  }),
  'command.requestTransaction': route({
    summary: 'Asks a person to pay to an address.',
    params: z.object({ chat, value, contract, address }),
    result: said,
  }),
  'command.bytesToSign': route({
    summary:
      'What the wallet that sent a transaction signs (`personal_sign`) before it is announced: our chat key and the hash.',
    params: z.object({ transactionHash }),
    result: z.object({ data: z.string() }),
  }),
  'command.sendTransaction': route({
    summary:
      'Announces a transaction that was sent: as the answer to the request `messageId`, or to the address that was given ' +
      'for it, or, with `chat`, though nobody asked. `signature`: r, s and v (27 or 28) over `command.bytesToSign`, 65 bytes in hex.',
    params: z.object({
      messageId: messageId.optional(),
      chat: chat.optional(),
      transactionHash,
      signature: z.string().max(132),
    }),
    result: said,
  }),
  'command.decline': route({
    summary: 'Says no to a request for an address or a transaction, once.',
    params: z.object({ messageId }),
    result: said,
  }),
} as const

export function commandHandlersFor({ commands }: Messenger): Handlers<typeof COMMAND_ROUTES> {
  const idOf = async (message: Promise<{ readonly id: string }>) => ({ messageId: (await message).id })
  const amount = (asked: { readonly value: string; readonly contract?: string | undefined }) => ({
    value: asked.value,
    ...(asked.contract !== undefined && { contract: asked.contract }),
  })
  return {
    'command.requestAddress': ({ chat: to, ...asked }) => idOf(commands.requestAddress(to, amount(asked))),
    'command.giveAddress': ({ messageId: id, address: text }) =>
      idOf(commands.giveAddress(id as MessageIdText, text)),
    'command.requestTransaction': ({ chat: to, address: text, ...asked }) =>
      idOf(commands.requestTransaction(to, { ...amount(asked), address: text })),
    'command.bytesToSign': ({ transactionHash: hash }) => ({ data: to0xHex(commands.bytesToSign(hash)) }),
    'command.sendTransaction': async ({ messageId: id, chat: to, transactionHash: hash, signature: hex }) => {
      if ((id === undefined) === (to === undefined))
        throw new CliError('invalid-argument', 'expected either messageId or chat')
      const about = id === undefined ? { chat: String(to) } : { request: id as MessageIdText }
      return idOf(commands.sendTransaction(about, { transactionHash: hash, signature: signatureOf(hex) }))
    },
    'command.decline': ({ messageId: id }) => idOf(commands.decline(id as MessageIdText)),
  }
}

function signatureOf(hex: string): Uint8Array {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(hex))
    throw new CliError('invalid-argument', 'signature: expected 0x and hex digits')
  return fromHex(hex)
}
