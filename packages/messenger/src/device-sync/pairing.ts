/** How a device of ours makes itself known to the others: what it is called, in a message that all of them can read. */
import { utf8 } from '@status-protocol/bytes'
import { MAX_METADATA_BYTES } from '@status-protocol/double-ratchet'
import { type PairInstallation, validateMessage } from '@status-protocol/payload'
import { timely } from '../clock-bounds.ts'
import { MessengerError } from '../error.ts'
import type { Generation } from '../generations.ts'
import type { Rejection } from '../inbound.ts'
import type { Reads, Stage } from '../stage.ts'
import type { Statement } from '../statement.ts'
import { observe, tick } from './ledger.ts'
import {
  type DeviceName,
  type DeviceRecord,
  getDevice,
  getDeviceName,
  putDevice,
  putDeviceName,
} from './tables.ts'

/** We read {@link SyncInstallation} with all that is in it; Go clients say nothing, and do not. */
export const SYNC_FORM = 1
const DEFAULT_TYPE = 'desktop'

/** What this device is called; Go clients refuse a device without a name. */
export async function ownName(reads: Pick<Reads, 'get'>, installationId: string): Promise<DeviceName> {
  const known = await getDeviceName(reads)
  return known ?? { name: `Status ${installationId.slice(0, 4)}`, deviceType: DEFAULT_TYPE }
}

/** @throws MessengerError `invalid-text` */
export async function nameDevice(stage: Stage, { name, deviceType }: DeviceName): Promise<void> {
  const said = { name: name.trim(), deviceType: deviceType.trim() }
  for (const [what, text] of Object.entries(said))
    if (text === '' || utf8(text).length > MAX_METADATA_BYTES)
      throw new MessengerError(
        'invalid-text',
        `${what} of a device: expected 1 to ${MAX_METADATA_BYTES} bytes of text, got ${utf8(text).length}`,
      )
  stage.add({ changes: [putDeviceName(said)] })
}

/** What we say of this device. */
export async function introduction(
  stage: Stage,
  installationId: string,
  nowMs: number,
): Promise<PairInstallation> {
  const { name, deviceType } = await ownName(stage, installationId)
  const clock = await tick(stage, nowMs)
  return { type: 'pair-installation', clock, installationId, deviceType, name, syncForm: SYNC_FORM }
}

/** Notes what a device of ours says of itself; undefined if something newer is known already. */
export async function noteIntroduction(
  stage: Stage,
  { message: said, installationId, judgedAtMs, generation }: Statement<PairInstallation>,
  nowMs: number,
): Promise<DeviceName | Rejection | undefined> {
  const { message } = timely(said, judgedAtMs) // a device whose clock is wrong is ours all the same
  // In 2019 a device could be without a name.
  const named = generation === 'v1' ? message : { ...message, name: 'any', deviceType: 'any' }
  const verdict = validateMessage(named, judgedAtMs)
  if (!verdict.ok) return verdict.reason
  // One device does not speak for another.
  if (installationId === undefined || message.installationId !== installationId) return 'not-own-device'
  const known = await getDevice(stage, installationId)
  if (known && !isNews(known, message.clock, generation)) return undefined
  await observe(stage, message.clock, nowMs)
  const { clock, syncForm = 0 } = message
  const legacy = generation === 'v1' ? {} : { legacy: generation }
  stage.add({ changes: [putDevice(installationId, { clock, syncForm, ...legacy })] })
  return { name: cut(message.name), deviceType: cut(message.deviceType) }
}

/** A client is brought up to date, never back: ours say it in the words of 2019 too, for those who read nothing else. */
function isNews(known: DeviceRecord, clock: bigint, generation: Generation): boolean {
  if (known.legacy === undefined) return generation === 'v1' && clock > known.clock
  return generation === 'v1' || clock > known.clock
}

/** As much of a text as is kept of it. */
function cut(text: string): string {
  let kept = ''
  for (const character of text.trim()) {
    if (utf8(kept + character).length > MAX_METADATA_BYTES) break
    kept += character
  }
  return kept
}
