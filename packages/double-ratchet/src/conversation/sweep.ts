/**
 * What is due although nobody writes: expired sessions, old message keys and pre keys are erased, and of strangers those
 * that were not heard of for longest are forgotten. For once a day.
 */
import { concat, equal, type PublicKey, toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import type { Change, Storage } from '@status-protocol/ports'
import { DoubleRatchetError } from '../error.ts'
import { COMPRESSED_KEY_BYTES } from '../keys.ts'
import { aged } from './aging.ts'
import { wholeMs } from './conversation.ts'
import {
  decodeInstallation,
  encodeInstallation,
  INSTALLATIONS_TABLE,
  type Installation,
  installationIdOf,
} from './installation.ts'
import {
  encodeOwnPreKeys,
  newestPreKey,
  OWN_PRE_KEYS_KEY,
  OWN_TABLE,
  withoutOldPreKeys,
} from './own-pre-keys.ts'
import { decodePeerState, PEERS_TABLE } from './peer-state.ts'
import { storageReads } from './reads.ts'
import type { Self } from './self.ts'

/** Identities kept that nobody has vouched for. */
export const MAX_STRANGERS = 1_000

export interface SweepOptions {
  /** Whom to keep for good: contacts, chat partners. We ourselves are kept always. Default: everybody. */
  readonly isKept?: (identity: PublicKey) => boolean | Promise<boolean>
  /** Default: 1,000. */
  readonly maxStrangers?: number
  readonly crypto?: CryptoProvider
}

export interface Sweep {
  readonly changes: readonly Change[]
  /** Strangers of whom nothing is left. */
  readonly forgotten: readonly PublicKey[]
  /** Records that this version did not write; they are left alone. */
  readonly unreadable: number
}

/** A stranger, and what deletes everything that we know of it. */
interface Seen {
  readonly compressed: Uint8Array
  readonly records: Change[]
  usedMs: number
}

/**
 * Reads every record. Nothing else may change them until the changes are committed: a session put back to an earlier state
 * would use its keys twice. So it takes its turn like any transition.
 *
 * @throws DoubleRatchetError `corrupt-state` if our own pre keys cannot be read; `invalid-argument` for `nowMs`
 */
export async function sweep(
  storage: Pick<Storage, 'get' | 'range'>,
  self: Self,
  options: SweepOptions & { readonly nowMs: number },
): Promise<Sweep> {
  const { crypto = defaultProvider, maxStrangers = MAX_STRANGERS, isKept = () => true } = options
  const nowMs = wholeMs(options.nowMs)
  const changes: Change[] = []
  const ownPreKeys = await storageReads(storage, { crypto }).ownPreKeys()
  const ownPreKeyId = newestPreKey(ownPreKeys)?.id
  const keptPreKeys = withoutOldPreKeys(ownPreKeys, nowMs)
  if (keptPreKeys !== ownPreKeys)
    changes.push({ put: [OWN_TABLE, OWN_PRE_KEYS_KEY, encodeOwnPreKeys(keptPreKeys)] })

  /** Of strangers only. BOUNDED by what is stored: at most 1,000 identities and those that came since the last sweep. */
  const strangers = new Map<string, Seen>()
  const isStranger = async (compressed: Uint8Array) =>
    !equal(compressed, self.identity.publicKey) && !(await isKept(identityOf(crypto, compressed)))
  const note = async (table: string, key: Uint8Array, usedMs: number) => {
    const compressed = key.slice(0, COMPRESSED_KEY_BYTES)
    const name = toHex(compressed)
    const seen = strangers.get(name) ?? { compressed, records: [], usedMs: 0 }
    if (!strangers.has(name) && !(await isStranger(compressed))) return
    strangers.set(name, seen)
    seen.records.push({ del: [table, key] })
    seen.usedMs = Math.max(seen.usedMs, usedMs)
  }

  let unreadable = 0
  for await (const [key, value] of all(storage, INSTALLATIONS_TABLE)) {
    const before = readable(() => decodeInstallation(installationIdOf(key), value, { crypto }))
    if (!before) {
      unreadable++
      continue
    }
    const after = aged(before, ownPreKeyId, nowMs)
    if (after !== before) changes.push({ put: [INSTALLATIONS_TABLE, key, encodeInstallation(after)] })
    await note(INSTALLATIONS_TABLE, key, lastUseMs(before, nowMs))
  }
  for await (const [key, value] of all(storage, PEERS_TABLE))
    await note(PEERS_TABLE, key, readable(() => decodePeerState(value))?.answeredMs ?? 0)

  const tooMany = leastRecentlyUsed(strangers, maxStrangers)
  changes.push(...tooMany.flatMap(({ records }) => records))
  return { changes, forgotten: tooMany.map(({ compressed }) => identityOf(crypto, compressed)), unreadable }
}

function readable<Value>(decode: () => Value): Value | undefined {
  try {
    return decode()
  } catch (error) {
    if (error instanceof DoubleRatchetError && error.code === 'corrupt-state') return undefined
    throw error
  }
}

/** A bundle's time is its sender's claim: it counts up to now. */
function lastUseMs({ usedMs, seenNs }: Installation, nowMs: number): number {
  return Math.max(usedMs, Math.min(Number(seenNs / 1_000_000n), nowMs))
}

/** All but the `limit` that were used last. */
function leastRecentlyUsed(strangers: ReadonlyMap<string, Seen>, limit: number): readonly Seen[] {
  const oldestFirst = [...strangers.values()].sort((a, b) => a.usedMs - b.usedMs)
  return oldestFirst.slice(0, Math.max(0, oldestFirst.length - limit))
}

function identityOf(crypto: CryptoProvider, compressed: Uint8Array): PublicKey {
  const identity = crypto.parsePublicKey(compressed)
  if (!identity) throw new DoubleRatchetError('corrupt-state', 'key of a record: it names no identity')
  return identity
}

const PAGE = 256
/** Compressed keys begin with 2 or 3. */
const END = Uint8Array.of(4)

async function* all(storage: Pick<Storage, 'range'>, table: string) {
  for (let from: Uint8Array = new Uint8Array(0); ; ) {
    let last: Uint8Array | undefined
    let count = 0
    for await (const [key, value] of storage.range(table, from, END, PAGE)) {
      yield [key, value] as const
      last = key
      count++
    }
    if (count < PAGE || !last) return
    from = concat(last, Uint8Array.of(0))
  }
}
