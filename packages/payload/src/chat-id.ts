/** Chat ids, spec "Payloads", sections "Public chats", "One-to-one chats", "Group chats". */
import { fromHex, type PublicKey, to0xHex, toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { PayloadError } from './error.ts'

export type ChatKind = 'public' | 'one-to-one' | 'group'

const PUBLIC_KEY_TEXT = /^0x04[0-9a-f]{128}$/
const GROUP_ID = /^.+-0x04[0-9a-f]{128}$/s
const PUBLIC_NAME = /^[a-z0-9-]+$/

/** Longer names are legal on the wire but no client can type or show them. */
export const MAX_PUBLIC_NAME_LENGTH = 128

/**
 * What kind of chat an id names: a public key as `0x04` + 128 lower-case hex digits is one-to-one, something ending in
 * `-` and a public key is a group, everything else is the name of a public chat. Decides nothing about trust.
 */
export function chatKind(chatId: string): ChatKind {
  if (PUBLIC_KEY_TEXT.test(chatId)) return 'one-to-one'
  return GROUP_ID.test(chatId) ? 'group' : 'public'
}

/**
 * Id of a public chat from what a person types: one `#` in front is dropped, the rest must be the name of a chat:
 * `a` - `z`, `0` - `9` and `-`, up to 128 of them. The id is hashed as it stands, nothing normalises it later.
 *
 * @throws PayloadError `invalid-argument`
 */
export function publicChatId(name: string): string {
  const id = name.startsWith('#') ? name.slice(1) : name
  if (!PUBLIC_NAME.test(id) || id.length > MAX_PUBLIC_NAME_LENGTH || /^0x04/.test(id))
    throw new PayloadError(
      'invalid-argument',
      `name: expected 1 - ${MAX_PUBLIC_NAME_LENGTH} characters of a-z, 0-9 and "-", got ${id.length} that are not`,
    )
  return id
}

/** Id of the one-to-one chat with the owner of a key: `0x04` and 128 lower-case hex digits. */
export function oneToOneChatId(publicKey: PublicKey): string {
  if (!(publicKey instanceof Uint8Array) || publicKey.length !== 65 || publicKey[0] !== 4)
    throw new PayloadError('invalid-argument', 'publicKey: expected 65 bytes that begin with 04')
  return to0xHex(publicKey)
}

/** The key in a one-to-one chat id, or undefined if it is none or no point of the curve. */
export function publicKeyOfChatId(
  chatId: string,
  crypto: CryptoProvider = defaultProvider,
): PublicKey | undefined {
  return PUBLIC_KEY_TEXT.test(chatId) ? crypto.parsePublicKey(fromHex(chatId)) : undefined
}

/** A fresh id of a group: random UUID (version 4) `-` public key of the creator as {@link oneToOneChatId} writes it. */
export function groupChatId(creator: PublicKey, random: Random): string {
  const bytes = random.bytes(16).slice()
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const digits = toHex(bytes)
  const uuid = [0, 8, 12, 16, 20].map((from, i, starts) => digits.slice(from, starts[i + 1])).join('-')
  return `${uuid}-${oneToOneChatId(creator)}`
}
