/** What a verified bundle teaches about its identity's installations. */
import { equal } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { COMPRESSED_KEY_BYTES } from '../keys.ts'
import type { SignedPreKey, VerifiedBundle } from '../x3dh/bundle.ts'
import { type Conversation, isWithSelf, withInstallation, withInstallations } from './conversation.ts'
import type { Installation } from './installation.ts'
import { isInstallationId } from './installation-id.ts'

/** Installations kept of one identity. The one that bundles have not listed for longest goes first. */
export const MAX_INSTALLATIONS = 16

/** Something new about an installation of the peer. */
export interface InstallationNews {
  readonly type: 'installation'
  readonly installationId: string
  /** `new`: seen for the first time. `pre-key`: it renewed its pre key. */
  readonly change: 'new' | 'pre-key'
  /** Ours are disabled until the person enables them. */
  readonly enabled: boolean
}

/** A bundle of anybody but the peer teaches nothing. */
export function learnBundle(
  conversation: Conversation,
  bundle: VerifiedBundle,
  crypto: CryptoProvider,
): { readonly conversation: Conversation; readonly news: readonly InstallationNews[] } {
  if (!equal(bundle.identity, conversation.peerKey)) return { conversation, news: [] }
  const isOwn = isWithSelf(conversation)
  const news: InstallationNews[] = []
  let { installations } = conversation
  for (const entry of bundle.preKeys) {
    const { installationId } = entry
    const isThisOne = isOwn && installationId === conversation.self.installationId
    if (isThisOne || !isInstallationId(installationId)) continue
    const known = installations.find(({ id }) => id === installationId)
    const next = known
      ? updated(known, entry, bundle.timestampNs, crypto)
      : fresh(entry, bundle, !isOwn, crypto)
    if (next === known) continue
    const change = known ? 'pre-key' : 'new'
    if (next.preKey !== known?.preKey || !known)
      news.push({ type: 'installation', installationId, change, enabled: next.enabled })
    installations = withinLimit(withInstallation(installations, next), isOwn)
  }
  const isKept = ({ installationId }: InstallationNews) =>
    installations.some(({ id }) => id === installationId)
  return { conversation: withInstallations(conversation, installations), news: news.filter(isKept) }
}

/** An installation of which we know nothing from bundles. */
export function unlistedInstallation(id: string, enabled: boolean): Installation {
  return {
    id,
    preKey: undefined,
    version: 0,
    protocolVersion: 0,
    seenNs: 0n,
    enabled,
    negotiated: false,
    sessions: [],
  }
}

/** Without the ones that are too many: never `keep`, of our own none that is enabled. */
export function withinLimit(
  installations: readonly Installation[],
  isOwn: boolean,
  keep?: string,
): readonly Installation[] {
  if (installations.length <= MAX_INSTALLATIONS) return installations
  const may = installations.filter(({ id, enabled }) => id !== keep && !(isOwn && enabled))
  const oldest = may.reduce<Installation | undefined>(
    (a, b) => (a === undefined || b.seenNs < a.seenNs ? b : a),
    undefined,
  )
  return installations.filter((candidate) => candidate !== oldest)
}

function fresh(
  entry: SignedPreKey,
  { timestampNs }: VerifiedBundle,
  enabled: boolean,
  crypto: CryptoProvider,
): Installation {
  return {
    ...unlistedInstallation(entry.installationId, enabled),
    preKey: point(entry.preKey, crypto),
    version: entry.version,
    protocolVersion: entry.protocolVersion,
    seenNs: timestampNs,
  }
}

/**
 * A pre key is replaced by one of a higher version; of the same version by that of a newer bundle. Time alone does not
 * count: a bundle that another of the identity's devices signed just now may list an old pre key.
 */
function updated(
  known: Installation,
  entry: SignedPreKey,
  timestampNs: bigint,
  crypto: CryptoProvider,
): Installation {
  const isNewer = timestampNs > known.seenNs
  const supersedes = entry.version > known.version || (entry.version === known.version && isNewer)
  if (!isNewer && !supersedes) return known
  const isSame = known.preKey !== undefined && equal(known.preKey, entry.preKey)
  return {
    ...known,
    ...(supersedes ? { version: entry.version } : {}),
    ...(supersedes && !isSame ? { preKey: point(entry.preKey, crypto) } : {}),
    ...(isNewer ? { seenNs: timestampNs } : {}),
    protocolVersion: isNewer ? Math.max(known.protocolVersion, entry.protocolVersion) : known.protocolVersion,
  }
}

/** A copy of the pre key if one can agree on something with it: the signature says nothing about that. */
function point(preKey: Uint8Array, crypto: CryptoProvider): Uint8Array | undefined {
  const isPoint = preKey.length === COMPRESSED_KEY_BYTES && crypto.parsePublicKey(preKey) !== undefined
  return isPoint ? preKey.slice() : undefined
}
