/** Received messages on their way into a chat: whether they may go there, and what is noted beside them. */
import type { PublicKey } from '@status-protocol/bytes'
import type { Message as Payload } from '@status-protocol/payload'
import { type Chat, chatWithId } from './chat.ts'
import { isAcquainted, isContactsOnly, isMuted } from './contacts/admission.ts'
import { type Names, type NameWarning, warningsOfText } from './contacts/names.ts'
import type { People } from './contacts/people.ts'
import { accept, type Rejection } from './inbound.ts'
import type { Message } from './message.ts'
import { foundArchived } from './outbound.ts'
import type { Stage } from './stage.ts'
import type { Taker } from './statement.ts'
import { type ChatRecord, getChat, getMessage } from './tables.ts'

export interface Filing {
  /**
   * Puts a message whose author is proven into its chat, once. Returns whether it is there now (not in a public chat that
   * was left meanwhile), or why it may not be.
   */
  file(stage: Stage, message: Message, more?: Beside): Promise<boolean | Rejection>
  /** A taker of what only contacts may say where only they are heard, or people who are with us in a group. */
  ofContacts<M extends Payload>(
    taker: Taker<M> | undefined,
    isCompany: (stage: Stage, person: PublicKey) => Promise<boolean>,
  ): Taker<M>
  /** What is noted beside a message, for those that another part puts into their chat. */
  noted(stage: Stage, message: Message): Promise<Noted>
}

export interface Noted {
  readonly message: Message
  readonly muted: boolean
}

export interface Beside {
  readonly image?: Uint8Array | undefined
  /** The chat's clock is not moved beyond this. */
  readonly highestClock?: bigint | undefined
  /** It comes from a mailserver of ours. */
  readonly isArchived?: boolean | undefined
}

export interface FilingOptions {
  newChat(chat: Chat): ChatRecord
  readonly names: Pick<Names, 'warningsOf'>
  readonly people: Pick<People, 'turnedAway'>
}

export function createFiling({ newChat, names, people }: FilingOptions): Filing {
  const warningsOf = async ({ text, claimedName = '', author }: Message): Promise<readonly NameWarning[]> => [
    ...new Set([...warningsOfText(text), ...(await names.warningsOf(claimedName, author))]),
  ]

  const noted: Filing['noted'] = async (stage, message) => {
    const warnings = await warningsOf(message)
    return {
      message: warnings.length > 0 ? { ...message, warnings } : message,
      muted: await isMuted(stage, message.chat, message.author),
    }
  }

  return {
    noted,
    ofContacts: (taker, isCompany) => async (stage, said, afterwards) => {
      if (!taker) return 'unsupported-type'
      if ((await isTurnedAway(stage, said)) && !(await isCompany(stage, said.author))) {
        await people.turnedAway(stage, said.author)
        return 'not-a-contact'
      }
      return taker(stage, said, afterwards)
    },
    async file(stage, message, { image, highestClock, isArchived } = {}) {
      const chat = chatWithId(message.chat)
      const record = await getChat(stage, chat.id)
      if (chat.kind === 'public' && (!record || record.left)) return false
      const before = await getMessage(stage, message.id)
      if (before && isArchived && chat.kind === 'public') stage.add(foundArchived(before, chat))
      if (before) return true
      if (chat.kind === 'one-to-one' && !message.own && (await isTurnedAway(stage, message))) {
        await people.turnedAway(stage, message.author)
        return 'not-a-contact'
      }
      const { message: judged, muted } = await noted(stage, message)
      const known = record ?? { ...newChat(chat), unasked: true }
      stage.add(accept(judged, { chat: known, image, muted, highestClock, isArchived }))
      return true
    },
  }
}

async function isTurnedAway(stage: Stage, { author }: Pick<Message, 'author'>): Promise<boolean> {
  return (await isContactsOnly(stage)) && !(await isAcquainted(stage, author))
}
