/** What our devices agree on, beside what is stored here: what changed here, and since when what is here holds. */
import { fromHex, fromUtf8, type PublicKey, to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { MAX_CLOCK_AHEAD_MS, nextClock } from '@status-protocol/payload'
import type { ChatId } from '../chat.ts'
import { getProfile, type OwnProfile } from '../contacts/profile.ts'
import { getRelation } from '../contacts/relation.ts'
import { decodeRecord } from '../record.ts'
import type { Reads, Stage } from '../stage.ts'
import { type ChatRecord, getChat, getContact } from '../tables.ts'
import { chatValue, isByThem, OWN_PROFILE, personValue, profileFacts, profileValue } from './facts.ts'
import { type Entry, getDeviceClock, getEntry, putDeviceClock, putEntry, type Subject } from './tables.ts'

type Gets = Pick<Reads, 'get'>

/** A clock for what happens now, higher than all that our devices have used. */
export async function tick(stage: Stage, nowMs: number): Promise<bigint> {
  const clock = nextClock(await getDeviceClock(stage), nowMs)
  stage.add({ changes: [putDeviceClock(clock)] })
  return clock
}

/** Another device has used this one. Its clock may be wrong: that makes ours no more wrong than Go clients bear. */
export async function observe(stage: Stage, clock: bigint, nowMs: number): Promise<void> {
  const highest = BigInt(Math.floor(nowMs)) + MAX_CLOCK_AHEAD_MS
  const seen = clock < highest ? clock : highest
  if (seen > (await getDeviceClock(stage))) stage.add({ changes: [putDeviceClock(seen)] })
}

/** What holds here now, and since when: without an entry since it is there. */
export async function current(reads: Gets, subject: Subject): Promise<Entry | undefined> {
  const entry = await getEntry(reads, subject)
  if (entry) return entry
  const { value, sinceMs } = await found(reads, subject, undefined)
  return value === '' ? undefined : { clock: BigInt(sinceMs), value }
}

/** What an input changed that our devices would tell each other: its entries are staged. */
export async function changedBy(stage: Stage, nowMs: number): Promise<(Subject & Entry)[]> {
  const changed: (Subject & Entry)[] = []
  for (const subject of touched(stage)) {
    const entry = await renewed(stage, subject, nowMs)
    if (entry) changed.push(entry)
  }
  return changed
}

/** The entry of a subject whose record is not as the entry says. */
export async function renewed(
  stage: Stage,
  subject: Subject,
  nowMs: number,
): Promise<(Subject & Entry) | undefined> {
  const entry = await getEntry(stage, subject)
  const { value } = await found(stage, subject, entry)
  if (value === (entry?.value ?? '')) return undefined
  const clock = entry && isByThem(entry.value, value) ? entry.clock : await after(entry)
  const next = { ...subject, clock, value }
  stage.add({ changes: [putEntry(subject, next)] })
  return next

  /** The newer word counts everywhere: ours is newer than what it stands against, from however far ahead that is. */
  async function after(known: Entry | undefined): Promise<bigint> {
    const clock = await tick(stage, nowMs)
    return known && known.clock >= clock ? known.clock + 1n : clock
  }
}

async function found(
  reads: Gets,
  { kind, id }: Subject,
  entry: Entry | undefined,
): Promise<{ readonly value: string; readonly sinceMs: number }> {
  if (kind === 'chat') {
    const record = await getChat(reads, id as ChatId)
    return { value: chatValue(record, entry?.value), sinceMs: record?.joinedAtMs ?? 0 }
  }
  if (kind === 'profile') {
    const { changedAtMs, ...profile } = await getProfile(reads)
    return { value: profileValue(profile), sinceMs: changedAtMs }
  }
  const person = fromHex(id) as PublicKey
  const [record, { state, sinceMs }] = [await getContact(reads, person), await getRelation(reads, person)]
  return { value: personValue(record, state), sinceMs: record?.addedAtMs ?? sinceMs }
}

/** The own profile as our devices agreed on it, if this is the record of that. */
export function agreedProfile(record: Uint8Array): OwnProfile | undefined {
  const { kind, clock, value } = decodeRecord<Subject & Entry>(record)
  return kind === 'profile' ? { ...profileFacts(value), changedAtMs: Number(clock) } : undefined
}

function touched({ rows }: Stage): Subject[] {
  const chats = [...(rows.get('chat')?.values() ?? [])].map(({ key }) => fromUtf8(key))
  const people = ['contact', 'relation'].flatMap((table) =>
    [...(rows.get(table)?.values() ?? [])].map(({ key }) => to0xHex(key)),
  )
  return [
    ...chats.filter(isSynced).map((id): Subject => ({ kind: 'chat', id })),
    ...[...new Set(people)].map((id): Subject => ({ kind: 'contact', id })),
    ...(rows.get('meta')?.has(PROFILE_KEY) ? [OWN_PROFILE] : []),
  ]
}

const PROFILE_KEY = toHex(utf8('profile'))

export const subjectOfChat = ({ chat }: ChatRecord): Subject => ({ kind: 'chat', id: chat.id })
export const subjectOfPerson = ({ publicKey }: { readonly publicKey: Uint8Array }): Subject => ({
  kind: 'contact',
  id: to0xHex(publicKey),
})

/** Public chats and those with one person; groups travel as groups do. */
function isSynced(chatId: string): boolean {
  return chatId.startsWith('#') || /^0x[0-9a-f]{130}$/.test(chatId)
}
