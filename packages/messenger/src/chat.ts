/** Chats as people and programs name them. */
import { type Brand, fromHex, type PublicKey, to0xHex } from '@status-protocol/bytes'
import { oneToOneChatId, publicChatId } from '@status-protocol/payload'
import { publicKeyFromText } from '@status-protocol/trust'
import { MessengerError } from './error.ts'

/** `#name` of a public chat, `0x04...` (130 hex digits) of the other person in a private one, UUID`-0x04...` of a group. */
export type ChatId = Brand<string, 'ChatId'>

export type Chat =
  | { readonly kind: 'public'; readonly id: ChatId; readonly name: string }
  | { readonly kind: 'one-to-one'; readonly id: ChatId; readonly publicKey: PublicKey }
  | { readonly kind: 'group'; readonly id: ChatId }

const GROUP_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-?0x04[0-9a-f]{128}$/

/** Whether a text is a UUID, `-` (the mobile client of 2019 had none) and the public key of whoever created the group. */
export function isGroupId(text: string): boolean {
  return GROUP_ID.test(text)
}

/** The chat of a group whose id was checked. */
export function groupChat(id: ChatId): Extract<Chat, { kind: 'group' }> {
  return { kind: 'group', id }
}

/**
 * The chat that a person means: `#name` (letters a-z, digits, `-`), or a public key in any of the forms that Status
 * clients show (`0x04...`, `zQ3s...`), or the id of a group.
 *
 * @throws MessengerError `invalid-chat`, saying what a chat looks like
 */
export function parseChat(text: string): Chat {
  if (isGroupId(text)) return groupChat(text as ChatId)
  return text.startsWith('#') ? publicChatNamed(text.slice(1)) : privateChatWith(text)
}

function publicChatNamed(name: string): Chat {
  try {
    return { kind: 'public', id: `#${publicChatId(name)}` as ChatId, name: publicChatId(name) }
  } catch {
    throw new MessengerError(
      'invalid-chat',
      `a public chat is "#" and 1 to 128 of a-z, 0-9 and "-", got ${JSON.stringify(`#${name}`.slice(0, 64))}`,
    )
  }
}

function privateChatWith(text: string): Chat {
  try {
    return oneToOneChat(publicKeyFromText(text))
  } catch {
    const shown = JSON.stringify(text.slice(0, 24))
    throw new MessengerError(
      'invalid-chat',
      `a chat is "#name", a public key (0x04 and 128 hex digits, or zQ3s...) or the id of a group, got ${shown}`,
    )
  }
}

/** The private chat with the owner of this key (65 bytes). */
export function oneToOneChat(publicKey: PublicKey): Chat {
  return { kind: 'one-to-one', id: to0xHex(publicKey) as ChatId, publicKey }
}

/** The chat of an id that {@link parseChat} or {@link oneToOneChat} gave: nothing is checked again. */
export function chatWithId(id: ChatId): Chat {
  if (id.startsWith('#')) return { kind: 'public', id, name: id.slice(1) }
  if (isGroupId(id)) return groupChat(id)
  return { kind: 'one-to-one', id, publicKey: fromHex(id) }
}

/** How the wire names the chat inside a message: the name without `#`, the recipient's key, or the id of the group. */
export function chatIdOnTheWire(chat: Chat): string {
  if (chat.kind === 'group') return chat.id
  return chat.kind === 'public' ? chat.name : oneToOneChatId(chat.publicKey)
}
