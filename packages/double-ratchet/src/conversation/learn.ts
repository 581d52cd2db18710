/** What a verified bundle teaches about its identity's installations. */
import { equal } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { COMPRESSED_KEY_BYTES } from '../keys.ts'
import type { Bundle, SignedPreKey, VerifiedBundle } from '../x3dh/bundle.ts'
import { isStale } from './aging.ts'
import { type Conversation, isWithSelf, withInstallation, withInstallations } from './conversation.ts'
import type { Installation } from './installation.ts'
import { isInstallationId } from './installation-id.ts'

/** Installations kept of one identity. The one that bundles have not listed for longest goes first. */
export const MAX_INSTALLATIONS = 16

/** Something new about an installation of the peer. */
export interface InstallationNews {
  readonly type: 'installation'
  readonly installationId: string
  /**
   * `new`: seen for the first time. `pre-key`: it renewed its pre key. `returned`: it was not written to any more, since
   * bundles of its identity had left it out for a week, and is again.
   */
  readonly change: 'new' | 'pre-key' | 'returned'
  /** Ours are disabled until the person enables them. */
  readonly enabled: boolean
}

/** Bundles that are dated further ahead are refused: they would count as the newest for so long. */
export const MAX_BUNDLE_AHEAD_MS: number = 24 * 60 * 60 * 1000

export function isFromTheFuture({ timestampNs }: Bundle, nowMs: number): boolean {
  return timestampNs > BigInt(nowMs + MAX_BUNDLE_AHEAD_MS) * 1_000_000n
}

/**
 * A bundle of anybody but the peer teaches nothing.
 *
 * @param sender the installation that sent the bundle
 */
export function learnBundle(
  conversation: Conversation,
  bundle: VerifiedBundle,
  sender: string,
  { nowMs, crypto }: { readonly nowMs: number; readonly crypto: CryptoProvider },
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
    const word: Word = { timestampNs: bundle.timestampNs, isItsOwn: installationId === sender, crypto }
    const next = known ? updated(known, entry, word) : fresh(entry, word, !isOwn)
    if (next === known) continue
    const change = changeOf(known, next, nowMs)
    if (change) news.push({ type: 'installation', installationId, change, enabled: next.enabled })
    installations = withinLimit(withInstallation(installations, next), isOwn)
  }
  installations = withMissing(installations, bundle, nowMs)
  const isKept = ({ installationId }: InstallationNews) =>
    installations.some(({ id }) => id === installationId)
  return { conversation: withInstallations(conversation, installations), news: news.filter(isKept) }
}

function changeOf(
  known: Installation | undefined,
  next: Installation,
  nowMs: number,
): InstallationNews['change'] | undefined {
  if (!known) return 'new'
  if (isStale(known, nowMs) && !isStale(next, nowMs)) return 'returned'
  return next.preKey === known.preKey ? undefined : 'pre-key'
}

/** Those that a newer bundle of their identity leaves out: from now on, unless they are heard of, they become stale. */
function withMissing(
  installations: readonly Installation[],
  { preKeys, timestampNs }: VerifiedBundle,
  nowMs: number,
): readonly Installation[] {
  const listed = new Set(preKeys.map(({ installationId }) => installationId))
  const isMissing = ({ id, missingMs, seenNs }: Installation) =>
    missingMs === 0 && timestampNs > seenNs && !listed.has(id)
  if (!installations.some(isMissing)) return installations
  return installations.map((known) => (isMissing(known) ? { ...known, missingMs: nowMs } : known))
}

/** A bundle about one installation: when it was signed, and whether the installation itself sent it. */
interface Word {
  readonly timestampNs: bigint
  readonly isItsOwn: boolean
  readonly crypto: CryptoProvider
}

/** An installation of which we know nothing from bundles. */
export function unlistedInstallation(id: string, enabled: boolean): Installation {
  return {
    id,
    preKey: undefined,
    version: 0,
    protocolVersion: 0,
    seenNs: 0n,
    announcedNs: NEVER_NS,
    missingMs: 0,
    usedMs: 0,
    renewed: false,
    enabled,
    negotiated: false,
    sessions: [],
  }
}

/** Before all timestamps. */
const NEVER_NS = -(2n ** 63n)

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

function fresh(entry: SignedPreKey, { timestampNs, isItsOwn, crypto }: Word, enabled: boolean): Installation {
  return {
    ...unlistedInstallation(entry.installationId, enabled),
    preKey: point(entry.preKey, crypto),
    version: entry.version,
    protocolVersion: entry.protocolVersion,
    seenNs: timestampNs,
    ...(isItsOwn ? { announcedNs: timestampNs } : {}),
  }
}

/**
 * What an installation itself said last counts most, by time: an older word of anybody does not replace its pre key.
 * After that word, another device of the identity is believed if it lists a higher version (it may list an old pre key
 * in a bundle of just now), the installation itself also with a lower one: it lost its store and counts anew.
 */
function updated(
  known: Installation,
  entry: SignedPreKey,
  { timestampNs, isItsOwn, crypto }: Word,
): Installation {
  const isNewer = timestampNs > known.seenNs
  const isAfterItsWord = timestampNs > known.announcedNs
  const supersedes = isAfterItsWord && (entry.version > known.version || (isItsOwn && isNewer))
  const isWord = isItsOwn && isAfterItsWord
  if (!isNewer && !supersedes && !isWord) return known
  const hadPreKey = known.preKey !== undefined
  const isSame = known.preKey !== undefined && equal(known.preKey, entry.preKey)
  return {
    ...known,
    ...(supersedes ? { version: entry.version } : {}),
    ...(supersedes && !isSame ? { preKey: point(entry.preKey, crypto), renewed: hadPreKey } : {}),
    ...(isWord ? { announcedNs: timestampNs } : {}),
    ...(isNewer ? { seenNs: timestampNs, missingMs: 0 } : {}),
    protocolVersion: isNewer ? Math.max(known.protocolVersion, entry.protocolVersion) : known.protocolVersion,
  }
}

/** A copy of the pre key if one can agree on something with it: the signature says nothing about that. */
function point(preKey: Uint8Array, crypto: CryptoProvider): Uint8Array | undefined {
  const isPoint = preKey.length === COMPRESSED_KEY_BYTES && crypto.parsePublicKey(preKey) !== undefined
  return isPoint ? preKey.slice() : undefined
}
