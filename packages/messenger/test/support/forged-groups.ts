/** What members of groups could send if they were no messengers: any event, any update, in an envelope of their own. */

import type { ChatId } from '@status-protocol/messenger'
import {
  type ChatMessage,
  chatMessage,
  type GroupEvent,
  type MembershipUpdate,
  signGroupEvent,
  wrap,
} from '@status-protocol/payload'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { allGroupEvents } from '../../src/groups/tables.ts'
import { createStage } from '../../src/stage.ts'
import { keyOf } from './groups.ts'
import { type Person, quickCrypto, type World } from './world.ts'

export const wrapped = (by: Person, message: MembershipUpdate | ChatMessage): Uint8Array =>
  wrap(message, by.account.chatKey)

/** What a member has of a group, as signed. */
export async function eventsOf(person: Person, id: string): Promise<readonly Uint8Array[]> {
  const events = await allGroupEvents(createStage(person.storage), id as ChatId, 1_000)
  return events.map(({ signed }) => signed)
}

/** @param world of the test that is running */
export function forgery(world: () => World): {
  post(from: Person, to: Person, payload: Uint8Array, afterMs?: number): Promise<void>
  text(chatId: string, said: string, aheadMs?: number): ChatMessage
  signed(id: string, by: Person, event: Partial<GroupEvent> & { readonly type: number }): Uint8Array
} {
  const nowMs = (): number => world().clock.wallMs()
  return {
    /** An envelope with whatever its sender wants in it, to the key of somebody. */
    async post(from, to, payload, afterMs = 500) {
      const signer = await from.whisper.service.addKeyPair(from.account.chatKey.privateKey)
      const { topic } = partitionedDiscovery(keyOf(to), { crypto: quickCrypto })
      await from.whisper.service.post({ to: { publicKey: keyOf(to) }, topic, payload, signer })
      await world().run(afterMs)
    },
    text: (chatId, said, aheadMs = 0) =>
      chatMessage({ chatId, text: said, clock: nowMs() + aheadMs, timestamp: nowMs() }),
    signed: (id, by, event) =>
      signGroupEvent(id, { clock: BigInt(nowMs()), members: [], name: '', ...event }, by.account.chatKey),
  }
}
