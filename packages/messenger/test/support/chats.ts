/** Symmetric chats by the text behind them: each costs a slow key derivation, and suites ask for the same ones again and again. */
import { toHex } from '@status-protocol/bytes'
import { negotiatedSecret, type Self } from '@status-protocol/double-ratchet'
import {
  chatOfSecret,
  contactCode,
  contactCodeId,
  publicChat,
  type SymmetricChat,
} from '@status-protocol/whisper'

/** A chat and the text that its topic and key come from. */
export interface NamedChat {
  readonly text: string
  readonly chat: SymmetricChat
}

/** BOUNDED: by the keys and names of the cases and their changed copies, some dozens. */
const derived = new Map<string, Promise<SymmetricChat>>()

export function publicChatOf(name: string): Promise<NamedChat> {
  return named(name, () => publicChat(name))
}

export function contactCodeOf(publicKey: Uint8Array): Promise<NamedChat> {
  return named(contactCodeId(publicKey), () => contactCode(publicKey))
}

/** The one that two identities share, or all devices of one. */
export function negotiatedChatOf(self: Self, peer: Uint8Array): Promise<NamedChat> {
  const secret = negotiatedSecret({ self, peer })
  return named(toHex(secret), () => chatOfSecret(secret))
}

async function named(text: string, derive: () => Promise<SymmetricChat>): Promise<NamedChat> {
  const chat = derived.get(text) ?? derive()
  derived.set(text, chat)
  return { text, chat: await chat }
}
