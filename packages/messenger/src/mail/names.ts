/** Which topics belong to a chat, as the listeners name them, and since when they are of interest. */
import type { PublicKey } from '@status-protocol/bytes'
import type { Storage } from '@status-protocol/ports'
import type { Chat, ChatId } from '../chat.ts'
import { contactCodeName, negotiatedName, PRIVATE_NAME, publicName } from '../routing.ts'
import { allChats } from '../tables.ts'

export interface NameOptions {
  readonly publicKey: PublicKey
  /** The others in a group that we joined. */
  company(id: ChatId): Promise<readonly PublicKey[]>
}

/** What is said in a group comes from each member as what they say in private. */
export async function namesOfChat(
  chat: Chat,
  { publicKey, company }: NameOptions,
): Promise<readonly string[]> {
  if (chat.kind === 'public') return [publicName(chat.name)]
  const people = chat.kind === 'group' ? await company(chat.id) : [chat.publicKey]
  return [
    PRIVATE_NAME,
    ...[publicKey, ...people].flatMap((person) => [negotiatedName(person), contactCodeName(person)]),
  ]
}

/** Since when each topic is listened to: by name, in Unix seconds. */
export async function joinedSeconds(
  storage: Storage,
  options: NameOptions,
): Promise<ReadonlyMap<string, number>> {
  const joined = new Map<string, number>()
  for (const { chat, joinedAtMs } of await allChats(storage)) {
    const seconds = Math.floor(joinedAtMs / 1_000)
    for (const name of await namesOfChat(chat, options))
      joined.set(name, Math.min(joined.get(name) ?? seconds, seconds))
  }
  return joined
}
