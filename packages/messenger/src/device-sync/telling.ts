/** What our enabled devices are told, in the words that each of them reads. */
import { fromHex, type PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Installation } from '@status-protocol/double-ratchet'
import type { PairInstallation } from '@status-protocol/payload'
import { getRelation } from '../contacts/relation.ts'
import { MessengerError } from '../error.ts'
import type { Sending } from '../sending.ts'
import type { Stage } from '../stage.ts'
import { forLegacy, legacyForms, legacyIntroduction } from './legacy.ts'
import { SYNC_FORM } from './pairing.ts'
import { forGo, type Item, portions } from './portions.ts'
import { type Entry, getDevice, type LegacyForm, type Subject } from './tables.ts'

type Afterwards = (act: () => void) => void

/** BOUNDED: messages for Go clients in one sync; each chat and contact is one. Data sync holds 1,000 for one person. */
const MAX_MESSAGES_FOR_GO = 500
/** BOUNDED: messages for clients of 2019; four contacts are one. */
const MAX_MESSAGES_FOR_LEGACY = 400

export interface Told {
  /** Payload messages that carry it. */
  readonly messages: number
  /** Messages for other clients among the devices that are not sent, because there are too many. */
  readonly untold: number
}

export interface TellingOptions {
  readonly account: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey }
  readonly crypto: CryptoProvider
  readonly sending: Pick<Sending, 'tell' | 'tellAnyDevice'>
  /** Our other installations, as the security layer knows them. */
  installations(stage: Stage): Promise<readonly Installation[]>
  /** More waits for our other devices than is kept. */
  dropped(count: number): void
}

export interface Telling {
  /** To all enabled devices; false if too much waits for them already. */
  toOwn(stage: Stage, said: Parameters<Sending['tell']>[1]['said'], afterwards: Afterwards): Promise<boolean>
  entries(stage: Stage, entries: readonly (Subject & Entry)[], afterwards: Afterwards): Promise<Told>
  /** To whichever device of ours hears it, in all words that there may be ears for. */
  introduce(stage: Stage, said: PairInstallation, afterwards: Afterwards): Promise<void>
  /** To enabled devices. */
  rename(stage: Stage, said: PairInstallation, afterwards: Afterwards): Promise<void>
}

export function createTelling(options: TellingOptions): Telling {
  const { account, crypto, sending } = options
  const legacy = { identity: account, crypto }

  const enabledOf = async (stage: Stage): Promise<readonly Installation[]> =>
    (await options.installations(stage)).filter(({ enabled }) => enabled)

  const toOwn: Telling['toOwn'] = async (stage, said, afterwards) => {
    try {
      await sending.tell(stage, { to: [account.publicKey], said }, afterwards)
      return true
    } catch (error) {
      // A device that is away for weeks must not keep the person from writing here.
      if (!(error instanceof MessengerError && error.code === 'outbox-full')) throw error
      options.dropped(1)
      return false
    }
  }

  const entries: Telling['entries'] = async (stage, told, afterwards) => {
    const enabled = await enabledOf(stage)
    const items = await Promise.all(told.map((entry) => withTold(stage, entry)))
    const inGo = (await isGoAmong(stage, enabled)) ? forGo(items) : []
    const inTransit = forLegacy(await legacyForms(stage, enabled), items, legacy)
    const all = [
      ...portions(items),
      ...inGo.slice(0, MAX_MESSAGES_FOR_GO),
      ...inTransit.slice(0, MAX_MESSAGES_FOR_LEGACY),
    ]
    let messages = 0
    for (const message of all) if (await toOwn(stage, message, afterwards)) messages++
    const untold =
      Math.max(0, inGo.length - MAX_MESSAGES_FOR_GO) + Math.max(0, inTransit.length - MAX_MESSAGES_FOR_LEGACY)
    return { messages, untold }
  }

  const withTold = async (stage: Stage, entry: Subject & Entry): Promise<Item> => {
    if (entry.kind !== 'contact') return entry
    const { told } = await getRelation(stage, fromHex(entry.id) as PublicKey)
    return told ? { ...entry, told } : entry
  }

  /** A device that has not said otherwise reads what the Go clients of 2020 read. */
  const isGoAmong = async (stage: Stage, enabled: readonly Installation[]): Promise<boolean> => {
    for (const { id } of enabled) {
      const device = await getDevice(stage, id)
      if (!device?.legacy && (device?.syncForm ?? 0) < SYNC_FORM) return true
    }
    return false
  }

  /** Whoever was not heard yet may be of 2019. */
  const formsHeard = async (stage: Stage): Promise<readonly LegacyForm[]> => {
    const others = await options.installations(stage)
    const known = await Promise.all(others.map(({ id }) => getDevice(stage, id)))
    const isAllKnown = others.length > 0 && known.every((device) => device !== undefined)
    return [...new Set([...(isAllKnown ? [] : (['v0'] as const)), ...(await legacyForms(stage, others))])]
  }

  return {
    toOwn,
    entries,
    async introduce(stage, said, afterwards) {
      const inTransit = (await formsHeard(stage)).map((form) => legacyIntroduction(form, said, legacy))
      for (const one of [said, ...inTransit])
        await sending.tellAnyDevice(stage, account.publicKey, one, afterwards)
    },
    async rename(stage, said, afterwards) {
      const forms = await legacyForms(stage, await enabledOf(stage))
      for (const one of [said, ...forms.map((form) => legacyIntroduction(form, said, legacy))])
        await toOwn(stage, one, afterwards)
    },
  }
}
