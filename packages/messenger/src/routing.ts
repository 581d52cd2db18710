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
import type { Chat } from './chat.ts'
import type { Security } from './message.ts'

export interface Route {
  readonly to: SymmetricChat | AsymmetricChat
  readonly security: Security
}

/** Where a message to this chat goes. The first time costs one key derivation for a public chat. */
export async function routeTo(chat: Chat, crypto: CryptoProvider): Promise<Route> {
  if (chat.kind === 'public') return { to: await publicChat(chat.name, { crypto }), security: 'whisper' }
  return { to: partitionedDiscovery(chat.publicKey, { crypto }), security: 'whisper' }
}
