/** What data sync sends to one person at one time, taken apart by how its messages may be encrypted. */
import { decodePayload, encodePayload, type MessageContent, type Payload } from '@status-protocol/mvds'
import type { MessageIdText } from './message.ts'
import type { OnlyAs } from './tables.ts'

/** One payload of data sync, for one ProtocolMessage. */
export interface Part {
  readonly payload: Uint8Array
  readonly sync: Payload
  /** Own messages in it. */
  readonly messageIds: readonly MessageIdText[]
  /** `dh` and `deniable`: chosen. Otherwise as `ratchet` where that is possible. */
  readonly mode: 'dh' | 'deniable' | undefined
}

export interface PartsOptions {
  /** Which own message it is, if it is one, and what was chosen for it. */
  find(
    content: MessageContent,
  ): Promise<{ readonly id: MessageIdText | undefined; readonly onlyAs: OnlyAs } | undefined>
  /** Asked only for what is to go as `ratchet` or not at all. */
  canRatchet(): boolean | Promise<boolean>
  /** Whether what is acknowledged came without a signature: then nothing signed is to prove that it was read. */
  isDeniable?(ack: Uint8Array): Promise<boolean>
}

const NOTHING: Payload = { acks: [], offers: [], requests: [], messages: [] }

/**
 * Acknowledgements travel with what is not chosen to be weaker, those of deniable messages with what is deniable. What is to
 * go as `ratchet` only waits while that cannot be.
 */
export async function partsOf(
  bytes: Uint8Array,
  { find, canRatchet, isDeniable }: PartsOptions,
): Promise<readonly Part[]> {
  const decoded = decodePayload(bytes)
  if (!decoded.ok) return [{ payload: bytes, sync: NOTHING, messageIds: [], mode: undefined }]
  const sync = decoded.payload
  const entries = await Promise.all(
    sync.messages.map(async (content) => ({ content, ...(await find(content)) })),
  )
  const acks = await Promise.all(
    sync.acks.map(async (ack) => ({ ack, isDeniable: (await isDeniable?.(ack)) === true })),
  )
  const isStrict = entries.some(({ onlyAs }) => onlyAs === 'ratchet')
  const isHeldBack = isStrict && !(await canRatchet())
  const isFree = ({ onlyAs }: Entry): boolean => onlyAs === undefined || (onlyAs === 'ratchet' && !isHeldBack)
  const free = entries.filter(isFree)
  if (free.length === entries.length && !acks.some((one) => one.isDeniable))
    return [{ payload: bytes, sync, messageIds: idsOf(entries), mode: undefined }]
  const acksOf = (deniable: boolean) =>
    acks.filter((one) => one.isDeniable === deniable).map(({ ack }) => ack)
  const only = (mode: 'dh' | 'deniable') => entries.filter(({ onlyAs }) => onlyAs === mode)
  return [
    partOf({ ...sync, acks: acksOf(false) }, free, undefined),
    partOf(NOTHING, only('dh'), 'dh'),
    partOf({ ...NOTHING, acks: acksOf(true) }, only('deniable'), 'deniable'),
  ].filter(hasContent)
}

interface Entry {
  readonly content: MessageContent
  readonly id?: MessageIdText | undefined
  readonly onlyAs?: OnlyAs
}

function partOf(others: Payload, entries: readonly Entry[], mode: Part['mode']): Part {
  const sync: Payload = { ...others, messages: entries.map(({ content }) => content) }
  return { payload: encodePayload(sync), sync, messageIds: idsOf(entries), mode }
}

function idsOf(entries: readonly Entry[]): readonly MessageIdText[] {
  return entries.flatMap(({ id }) => id ?? [])
}

function hasContent({ sync: { acks, offers, requests, messages } }: Part): boolean {
  return acks.length + offers.length + requests.length + messages.length > 0
}
