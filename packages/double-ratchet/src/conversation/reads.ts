/** What a conversation must be able to read. Writes come back as changes; who drives commits them. */
import { equal, type PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import type { Storage } from '@status-protocol/ports'
import { checkedCompress } from '../keys.ts'
import {
  decodeInstallation,
  INSTALLATIONS_TABLE,
  type Installation,
  installationIdOf,
  installationKeys,
} from './installation.ts'
import { MAX_INSTALLATIONS } from './learn.ts'
import { decodeOwnPreKeys, OWN_PRE_KEYS_KEY, OWN_TABLE, type OwnPreKey } from './own-pre-keys.ts'
import { decodePeerState, PEERS_TABLE, type PeerState } from './peer-state.ts'

export interface SessionReads {
  /** Installations of an identity (65 bytes) with their bundles' content and our sessions. At most 16. */
  installations(identity: PublicKey): Promise<readonly Installation[]>
  /** Oldest first; at most 96. */
  ownPreKeys(): Promise<readonly OwnPreKey[]>
  /** What else is known of an identity (65 bytes). Without it downgrades go unnoticed, and answers have no limit. */
  peerState?(identity: PublicKey): Promise<PeerState | undefined>
}

/** Reads what the changes of this package wrote, from any store. @throws DoubleRatchetError `corrupt-state` */
export function storageReads(
  storage: Pick<Storage, 'get' | 'range'>,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): SessionReads {
  /** Read for every message and changed once a day: all conversations have the same list. */
  let last: { readonly bytes: Uint8Array; readonly preKeys: readonly OwnPreKey[] } | undefined
  return {
    async installations(identity) {
      const [from, to] = installationKeys(checkedCompress(crypto, identity, 'identity'))
      const found: Installation[] = []
      for await (const [key, value] of storage.range(INSTALLATIONS_TABLE, from, to, MAX_INSTALLATIONS))
        found.push(decodeInstallation(installationIdOf(key), value, { crypto }))
      return found
    },
    async ownPreKeys() {
      const bytes = await storage.get(OWN_TABLE, OWN_PRE_KEYS_KEY)
      if (!bytes) return []
      if (!last || !equal(last.bytes, bytes)) last = { bytes, preKeys: decodeOwnPreKeys(bytes) }
      return last.preKeys
    },
    async peerState(identity) {
      const bytes = await storage.get(PEERS_TABLE, checkedCompress(crypto, identity, 'identity'))
      return bytes && decodePeerState(bytes)
    },
  }
}
