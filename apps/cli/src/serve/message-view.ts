import { to0xHex } from '@status-protocol/bytes'
import type { Message } from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'
import type { z } from 'zod'
import type { MESSAGE } from './notifications.ts'

/** A message as JSON has it, the same for `serve`, `listen --json` and `send --json`. */
export function messageView(message: Message): z.input<typeof MESSAGE> {
  return {
    chat: message.chat,
    messageId: message.id,
    author: to0xHex(message.author),
    name: threeWordName(message.author),
    text: message.text,
    ...(message.content ? { content: message.content } : {}),
    ...(message.claimedName === undefined ? {} : { claimedName: message.claimedName }),
    ...(message.warnings ? { warnings: [...message.warnings] } : {}),
    security: message.security,
    ...(message.downgraded ? { downgraded: true } : {}),
    ...(message.deniable ? { deniable: true } : {}),
    clock: message.clock.toString(),
    ...(message.claimedClock === undefined ? {} : { claimedClock: message.claimedClock.toString() }),
    timestampMs: Number(message.timestampMs),
    own: message.own,
    ...(message.responseTo === undefined ? {} : { responseTo: message.responseTo }),
    ...(message.receipts === undefined ? {} : { receipts: message.receipts }),
    ...(message.delivery === undefined ? {} : { delivery: message.delivery }),
    ...(message.deliveryReason === undefined ? {} : { deliveryReason: message.deliveryReason }),
  }
}
