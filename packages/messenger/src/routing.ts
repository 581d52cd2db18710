/**
 * The only place that knows which kind of message goes on which topic under which key: the two couplings between the
 * layers that the authors of the protocol regretted live here and nowhere else.
 */
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  type AsymmetricChat,
  partitionedDiscovery,
  publicChat,
  type SymmetricChat,
} from '@status-protocol/whisper'
import type { Chat, ChatId } from './chat.ts'
import type { Security } from './message.ts'

export interface Route {
  readonly to: SymmetricChat | AsymmetricChat
  readonly security: Security
}

/** Routes of chats that were used lately: a public chat's key costs one slow derivation. */
export interface Router {
  routeTo(chat: Chat): Promise<Route>
}

/** BOUNDED: chats whose route is remembered; the one used longest ago is forgotten. */
const MAX_REMEMBERED = 1_000

export function createRouter(crypto: CryptoProvider): Router {
  const remembered = new Map<ChatId, Promise<Route>>()
  return {
    routeTo(chat) {
      const route = remembered.get(chat.id) ?? findRoute(chat, crypto)
      remembered.delete(chat.id)
      remembered.set(chat.id, route)
      if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value as ChatId)
      return route
    },
  }
}

async function findRoute(chat: Chat, crypto: CryptoProvider): Promise<Route> {
  if (chat.kind === 'public') return { to: await publicChat(chat.name, { crypto }), security: 'whisper' }
  return { to: partitionedDiscovery(chat.publicKey, { crypto }), security: 'whisper' }
}
