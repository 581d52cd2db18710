/**
 * The only place that knows which kind of message goes on which topic under which key: the two couplings between the
 * layers that the authors of the protocol regretted live here and nowhere else.
 */
import type { PublicKey } from '@status-protocol/bytes'
import { toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  type AsymmetricChat,
  contactCode,
  genericDiscoveryTopic,
  negotiatedChat,
  partitionedDiscovery,
  publicChat,
  type SymmetricChat,
} from '@status-protocol/whisper'
import type { Chat } from './chat.ts'

/** Routes that were used lately are remembered: each symmetric one costs a slow key derivation. */
export interface Router {
  /** Everybody who knows the name. */
  publicChat(name: string): Promise<SymmetricChat>
  /** First messages to a person: to their key, on the topic that they share with one in 5,000. */
  partitioned(publicKey: PublicKey): AsymmetricChat
  /** The same until 2019: on a topic that everybody shares. */
  discovery(publicKey: PublicKey): AsymmetricChat
  /** The topic that only the two of us can know, once all their devices know that we know. */
  negotiated(publicKey: PublicKey): Promise<SymmetricChat>
  /** Where a person publishes bundles. */
  contactCode(publicKey: PublicKey): Promise<SymmetricChat>
}

/** BOUNDED: routes that are remembered; the one used longest ago is forgotten. */
const MAX_REMEMBERED = 2_000

/** Names of topics, as they are listened to. */
export const PRIVATE_NAME = 'private'
export const DISCOVERY_NAME = 'discovery'
export const publicName = (name: string): string => `#${name}`
export const negotiatedName = (publicKey: PublicKey): string => `negotiated ${toHex(publicKey)}`
export const contactCodeName = (publicKey: PublicKey): string => `contact code ${toHex(publicKey)}`

/** What a chat is listened to on; of groups their members tell. */
export function namesOf(chat: Chat): readonly string[] {
  if (chat.kind === 'public') return [publicName(chat.name)]
  return chat.kind === 'group' ? [] : [negotiatedName(chat.publicKey), contactCodeName(chat.publicKey)]
}

/** @param kept routes that an earlier run has found, by name */
export function createRouter(
  privateKey: Uint8Array,
  crypto: CryptoProvider,
  kept: (name: string) => Promise<SymmetricChat | undefined>,
): Router {
  const remembered = new Map<string, Promise<SymmetricChat>>()
  const remember = (name: string, find: () => Promise<SymmetricChat>): Promise<SymmetricChat> => {
    const route = remembered.get(name) ?? kept(name).then((known) => known ?? find())
    route.catch(() => remembered.delete(name))
    remembered.delete(name)
    remembered.set(name, route)
    if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value as string)
    return route
  }

  return {
    publicChat: (name) => remember(publicName(name), () => publicChat(name, { crypto })),
    discovery: (publicKey) => ({ topic: genericDiscoveryTopic({ crypto }), publicKey }),
    partitioned: (publicKey) => partitionedDiscovery(publicKey, { crypto }),
    negotiated: (publicKey) =>
      remember(negotiatedName(publicKey), () => negotiatedChat({ privateKey, publicKey }, { crypto })),
    contactCode: (publicKey) =>
      remember(contactCodeName(publicKey), () => contactCode(publicKey, { crypto })),
  }
}
