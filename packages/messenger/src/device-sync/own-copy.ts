/** A private message that we wrote on another device of ours: it is in its chat here as well, and so is its fate. */
import type { PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { messageIdOf, oneToOneGroupId, resolveOptions } from '@status-protocol/mvds'
import type { Change } from '@status-protocol/ports'
import { accept } from '../inbound.ts'
import type { Message } from '../message.ts'
import { deliveryEvent } from '../outbound.ts'
import type { Stage } from '../stage.ts'
import { type ChatRecord, putSyncMessage } from '../tables.ts'

export interface OwnCopy {
  readonly message: Message
  readonly chat: ChatRecord
  /** The signed wrapper. */
  readonly wrapped: Uint8Array
  /** When data sync began to carry the copy, by the other device's clock. */
  readonly appendedSeconds: bigint
}

/**
 * Stages it as `sent`. Its acknowledgement comes to all devices of ours and names it as data sync does, by when it was
 * appended: ours append message and copy at once, Go a moment later, maybe in the next second.
 */
export function takeOwnCopy(
  stage: Stage,
  { message, chat, wrapped, appendedSeconds }: OwnCopy,
  { self, crypto }: { readonly self: PublicKey; readonly crypto: CryptoProvider },
): void {
  if (chat.chat.kind !== 'one-to-one') return
  const { left: _left, unasked: _unasked, ...record } = chat
  const own: Message = { ...message, delivery: 'sent' }
  const { changes } = accept(own, { chat: record })
  const groupId = oneToOneGroupId(self, chat.chat.publicKey, { crypto })
  const options = resolveOptions({ crypto })
  const names = [appendedSeconds, appendedSeconds - 1n].map((timestampSeconds): Change => {
    const syncId = messageIdOf({ groupId, timestampSeconds, body: wrapped }, options)
    return putSyncMessage(syncId, { id: message.id })
  })
  stage.add({ changes: [...changes, ...names], events: [deliveryEvent(own, 'sent', chat.chat)] })
}
