/** Answers to transaction commands, as a person at a terminal gives them: to the newest request of the chat that is open. */
import type { Message, Messenger } from '@status-protocol/messenger'
import { CliError } from '../error.ts'

type Says = Pick<Messenger, 'messages' | 'commands'>

/** BOUNDED: messages that are looked through. */
const NEWEST = 200

/** `/address 0x...` */
export async function giveAddress(messenger: Says, chat: string, address: string): Promise<Message> {
  const request = await openRequest(messenger, chat, ['address-requested'])
  return messenger.commands.giveAddress(request.id, address)
}

/** `/refuse` */
export async function refuse(messenger: Says, chat: string): Promise<Message> {
  const request = await openRequest(messenger, chat, ['address-requested', 'transaction-requested'])
  return messenger.commands.decline(request.id)
}

async function openRequest(messenger: Says, chat: string, statuses: readonly string[]): Promise<Message> {
  const newest = await messenger.messages(chat, { limit: NEWEST })
  const isOpen = ({ own, content }: Message): boolean =>
    !own && content?.kind === 'command' && statuses.includes(content.state?.status ?? '')
  const request = newest.findLast(isOpen)
  if (request) return request
  throw new CliError('invalid-argument', 'nobody waits for such an answer of yours in this chat')
}
