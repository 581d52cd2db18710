/** Chats in which nobody can prove who said what; see the README. */
import { equal, type PublicKey } from '@status-protocol/bytes'
import { type InstallationNews, storageReads } from '@status-protocol/double-ratchet'
import { oneToOneChat } from './chat.ts'
import { getRelation } from './contacts/relation.ts'
import { MessengerError } from './error.ts'
import type { Message } from './message.ts'
import { decodeRecord } from './record.ts'
import type { Reads, Stage } from './stage.ts'
import { type ChatRecord, getChat, messageKeys, putChat } from './tables.ts'

/** @throws MessengerError `invalid-security` for a public chat or a group */
export function chooseDeniable({ deniable: _before, ...chat }: ChatRecord, isDeniable: boolean): ChatRecord {
  if (chat.chat.kind === 'public')
    throw new MessengerError(
      'invalid-security',
      'a public chat is read by everybody: what is said there is signed',
    )
  if (chat.chat.kind === 'group')
    throw new MessengerError('invalid-security', 'what is said in a group is signed: expected a person')
  return isDeniable ? { ...chat, deniable: true } : chat
}

/**
 * What nobody signed is not read from strangers, and whoever does not read it cannot tell. So only who has said something to us is
 * written to so: whoever did that knows us. The record, with what was found.
 *
 * @throws MessengerError `not-deniable`
 */
export async function expectAnswered(reads: Reads, record: ChatRecord): Promise<ChatRecord> {
  const { chat, answered } = record
  if (chat.kind !== 'one-to-one' || answered) return record
  if (answered === undefined && (await hasSpoken(reads, chat.publicKey))) return { ...record, answered: true }
  throw new MessengerError(
    'not-deniable',
    'this person would not read it, since nothing was heard of them, or not since they have a new device: write without deniability or ask them to be contacts, and wait until they have answered',
  )
}

/** By what is stored of before it was noted. */
async function hasSpoken(reads: Reads, person: PublicKey): Promise<boolean> {
  if ((await getRelation(reads, person)).told) return true
  const [from, to] = messageKeys(oneToOneChat(person).id)
  for await (const [, value] of reads.range('message', from, to, Number.MAX_SAFE_INTEGER))
    if (equal(decodeRecord<Message>(value).author, person)) return true
  return false
}

/** Stages that somebody told us of themselves, as who has us among their contacts does. */
export async function noteAnswered(stage: Stage, person: PublicKey): Promise<void> {
  const record = await getChat(stage, oneToOneChat(person).id)
  if (record && !record.answered) stage.add({ changes: [putChat({ ...record, answered: true })] })
}

/**
 * Stages that a new device of theirs, which may be all that they have left, does not know us for all we know. Their first ones that
 * are heard of are not new to them: we are here anew ourselves, from an export.
 */
export async function noteNewDevice(
  stage: Stage,
  person: PublicKey,
  news: readonly InstallationNews[],
): Promise<void> {
  const fresh = new Set(
    news.flatMap(({ change, installationId }) => (change === 'new' ? [installationId] : [])),
  )
  const record = fresh.size > 0 ? await getChat(stage, oneToOneChat(person).id) : undefined
  if (!record || record.answered === false) return
  const known = await storageReads(stage).installations(person)
  if (known.some(({ id }) => !fresh.has(id)))
    stage.add({ changes: [putChat({ ...record, answered: false })] })
}
