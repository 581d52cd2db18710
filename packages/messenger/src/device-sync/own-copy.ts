/** A private message that we wrote on another device of ours: it is in its chat here as well, and so is its fate. */
import type { PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { messageIdOf, oneToOneGroupId, resolveOptions, type SyncMessageId } from '@status-protocol/mvds'
import { noteWritten } from '../history/chat-state.ts'
import { accept } from '../inbound.ts'
import type { Message } from '../message.ts'
import { elsewhereEvent } from '../outbound.ts'
import { noteDelivered } from '../own-message.ts'
import type { Stage } from '../stage.ts'
import { type ChatRecord, putSyncMessage } from '../tables.ts'
import { takeEarlyAck } from './early-acks.ts'

export interface OwnCopy {
  readonly message: Message
  readonly chat: ChatRecord
  /** The signed wrapper. */
  readonly wrapped: Uint8Array
  /** When data sync began to carry the copy, by the other device's clock. */
  readonly appendedSeconds: bigint
  /** The clock of its chat is not moved beyond this. */
  readonly highestClock: bigint | undefined
}

/** How data sync may name the message itself, for whoever it was written to. */
export function idsOfOriginal(
  to: PublicKey,
  { wrapped, appendedSeconds }: Pick<OwnCopy, 'wrapped' | 'appendedSeconds'>,
  { self, crypto }: { readonly self: PublicKey; readonly crypto: CryptoProvider },
): readonly SyncMessageId[] {
  const groupId = oneToOneGroupId(self, to, { crypto })
  const options = resolveOptions({ crypto })
  return [appendedSeconds, appendedSeconds - 1n].map((timestampSeconds) =>
    messageIdOf({ groupId, timestampSeconds, body: wrapped }, options),
  )
}

/**
 * Stages it as `sent`. Its acknowledgement comes to all devices of ours and names it as data sync does, by when it was
 * appended: ours append message and copy at once, Go a moment later, maybe in the next second. It may have come before.
 */
export async function takeOwnCopy(
  stage: Stage,
  { message, chat, wrapped, appendedSeconds, highestClock }: OwnCopy,
  { self, crypto }: { readonly self: PublicKey; readonly crypto: CryptoProvider },
): Promise<void> {
  if (chat.chat.kind !== 'one-to-one') return
  const { left: _left, unasked: _unasked, ...record } = noteWritten(chat)
  const { publicKey: by } = chat.chat
  const own: Message = { ...message, delivery: 'sent' }
  const { changes } = accept(own, { chat: record, highestClock })
  const ids = idsOfOriginal(by, { wrapped, appendedSeconds }, { self, crypto })
  const names = ids.map((id) => putSyncMessage(id, { id: message.id }))
  stage.add({
    changes: [...changes, ...names],
    events: [elsewhereEvent(own, chat.chat, own.clock < chat.lastClock)],
  })
  for (const id of ids)
    for (const installation of await takeEarlyAck(stage, { by, id }))
      await noteDelivered(stage, message.id, by, installation)
}
