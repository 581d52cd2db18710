/**
 * The installations of people, our own among them: what is known of each, and what a person decides about it. Which of
 * them exist, bundles say; see `double-ratchet`.
 */
import { equal, type PublicKey, to0xHex } from '@status-protocol/bytes'
import {
  DoubleRatchetError,
  type Installation,
  type InstallationMetadata,
  type InstallationNews,
  isStale,
  MAX_METADATA_BYTES,
} from '@status-protocol/double-ratchet'
import type { Clock } from '@status-protocol/ports'
import { parseChat } from './chat.ts'
import { noteNewDevice } from './deniable.ts'
import type { DeviceSync, Devicing } from './device-sync/device-sync.ts'
import { MessengerError } from './error.ts'
import type { NewEvent } from './events.ts'
import type { Insist } from './input.ts'
import type { PrivateLine } from './private-line.ts'
import type { Reads, Stage } from './stage.ts'
import { getContact } from './tables.ts'

/** An installation of somebody: a phone, a desktop. */
export interface Device {
  /** A UUID as a rule; a person's own word. */
  readonly installationId: string
  /** This very one. */
  readonly isThis: boolean
  /** It is written to. Our own other ones only when a person said so, those of others until a person says otherwise. */
  readonly enabled: boolean
  /** Bundles of its identity have left it out for a week: it is not written to. */
  readonly stale: boolean
  /** When it was last heard of or written to; Unix milliseconds, 0 if never. */
  readonly lastActiveMs: number
  /** Of its bundle: 1 for the first pre key, then one more each time. */
  readonly version: number
  /** As a person called it. */
  readonly name?: string
  readonly deviceType?: string
}

/** What a person knows and decides about devices. `of` is whose they are, 65 bytes; ourselves by default. */
export interface Devices {
  /**
   * Those known, the one that was active last first; this one, of ours, before all others. At most 16 and this one.
   *
   * @throws MessengerError `invalid-chat` for a key that is none
   */
  list(of?: PublicKey): Promise<readonly Device[]>
  /**
   * Whether a device is written to. Ours are listed in our bundle then, so that others write to them too.
   *
   * @throws MessengerError `no-such-device`, `invalid-chat`
   */
  setEnabled(installationId: string, enabled: boolean, of?: PublicKey): Promise<void>
  /**
   * What a person calls a device, at most 100 bytes of UTF-8 each; two empty texts take it away. This very one needs a
   * name; our enabled devices are told of it.
   *
   * @throws MessengerError `no-such-device`, `invalid-text`, `invalid-chat`
   */
  setMetadata(installationId: string, metadata: InstallationMetadata, of?: PublicKey): Promise<void>
}

export interface DevicesOptions {
  readonly publicKey: PublicKey
  readonly storage: Reads
  readonly line: PrivateLine
  readonly clock: Clock
  readonly input: Insist
  readonly deviceSync: Pick<Devicing, 'facet' | 'name'>
  /** Tells contacts that our devices are others now: what they are told brings our bundle. */
  announce(stage: Stage, afterwards: (act: () => void) => void): Promise<void>
}

export function createDevices({
  publicKey,
  storage,
  line,
  clock,
  input,
  deviceSync,
  announce,
}: DevicesOptions): Devices & DeviceSync {
  return {
    ...deviceSync.facet,

    async list(of = publicKey) {
      const nowMs = clock.wallMs()
      const { installations, own } = await line.devices(storage, personOf(of))
      const others = installations.map((one) => shown(one, nowMs))
      others.sort((a, b) => b.lastActiveMs - a.lastActiveMs)
      if (!own) return others
      const called = await deviceSync.facet.info()
      const isThis = { isThis: true, enabled: true, stale: false, lastActiveMs: nowMs }
      return [{ ...own, ...called, ...isThis }, ...others]
    },
    setEnabled: (installationId, enabled, of = publicKey) =>
      input(async (stage, afterwards) => {
        if (equal(of, publicKey) && installationId === (await deviceSync.facet.info()).installationId)
          throw new MessengerError(
            'no-such-device',
            `installationId: expected another device, got ${installationId}, which is this very one and always used`,
          )
        await decideDevice(line, stage, personOf(of), { installationId, enabled })
        if (equal(of, publicKey)) await announce(stage, afterwards)
      }),
    setMetadata: (installationId, metadata, of = publicKey) =>
      input(async (stage, afterwards) => {
        if (equal(of, publicKey) && installationId === (await deviceSync.facet.info()).installationId)
          return deviceSync.name(stage, metadata, afterwards)
        return decideDevice(line, stage, personOf(of), { installationId, metadata })
      }),
  }
}

/** What is decided about a device; what is left out stays. */
export interface DeviceDecision {
  readonly installationId: string
  readonly enabled?: boolean
  readonly metadata?: InstallationMetadata
}

/** Stages a decision. @throws MessengerError `no-such-device`, `invalid-text` */
export async function decideDevice(
  line: PrivateLine,
  stage: Stage,
  of: PublicKey,
  decision: DeviceDecision,
): Promise<void> {
  const { installations } = await line.devices(stage, of)
  if (!installations.some(({ id }) => id === decision.installationId)) {
    const count = installations.length
    const what =
      count === 0
        ? 'no device is known of this person yet'
        : `expected one of ${count} devices known of this person`
    const got = JSON.stringify(decision.installationId.slice(0, 64))
    throw new MessengerError('no-such-device', `installationId: ${what}, got ${got}`)
  }
  try {
    await line.decide(stage, of, decision)
  } catch (error) {
    if (!(error instanceof DoubleRatchetError)) throw error
    throw new MessengerError(
      'invalid-text',
      `name and type of a device hold at most ${MAX_METADATA_BYTES} bytes of UTF-8 each`,
    )
  }
}

/** Stages what news of devices mean; told are those of whom a person knows: strangers could fill the events with it. */
export async function noteNews(
  stage: Stage,
  of: PublicKey,
  news: readonly InstallationNews[],
  self: PublicKey,
): Promise<void> {
  if (news.length === 0) return
  await noteNewDevice(stage, of, news)
  if (!equal(of, self) && !(await getContact(stage, of))) return
  const events = news.map(
    ({ installationId, change, enabled }): NewEvent => ({
      type: 'device',
      of,
      installationId,
      change,
      enabled,
    }),
  )
  stage.add({ changes: [], events })
}

function personOf(key: PublicKey): PublicKey {
  const chat = parseChat(to0xHex(key))
  return chat.kind === 'one-to-one' ? chat.publicKey : key
}

function shown(installation: Installation, nowMs: number): Device {
  const { id, enabled, seenNs, usedMs, version, metadata } = installation
  return {
    installationId: id,
    isThis: false,
    enabled,
    stale: isStale(installation, nowMs),
    // A bundle's time is its sender's claim: it counts up to now.
    lastActiveMs: Math.max(usedMs, Math.min(Number(seenNs / 1_000_000n), nowMs), 0),
    version,
    ...(metadata?.name ? { name: metadata.name } : {}),
    ...(metadata?.deviceType ? { deviceType: metadata.deviceType } : {}),
  }
}
