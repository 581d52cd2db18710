/**
 * People who wrote in private, unasked, and were neither answered nor added: anybody can be a thousand of them. What is
 * kept of them is bounded, whoever was silent longest goes first. Contacts, and whoever was written to, are no strangers.
 */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import { INSTALLATIONS_TABLE, PEERS_TABLE } from '@status-protocol/double-ratchet'
import type { Clock } from '@status-protocol/ports'
import { oneToOneChat } from './chat.ts'
import { forgetRequest } from './contacts/relation.ts'
import { recountUnread } from './history/chat-state.ts'
import type { Message } from './message.ts'
import { decodeRecord } from './record.ts'
import { negotiatedName } from './routing.ts'
import type { Reads, Stage } from './stage.ts'
import {
  allStrangers,
  deleteChat,
  deleteMessageAt,
  deleteRoute,
  deleteStranger,
  getChat,
  getContact,
  getStranger,
  messageKeys,
  putStranger,
} from './tables.ts'

/** BOUNDED: strangers whose chats and sessions are kept, and whose own topics are listened to. */
export const MAX_STRANGERS = 500
/** BOUNDED: messages of all strangers together, bytes as they are stored. */
export const MAX_STRANGER_BYTES: number = 64 * 2 ** 20
/** BOUNDED: messages of one stranger. Half of that is left when it is more: the newest. */
export const MAX_BYTES_OF_ONE: number = 8 * 2 ** 20

export interface Strangers {
  /** From the store, after a start and after a commit that failed. */
  load(): Promise<void>
  /** Whether what comes from them is a stranger's. */
  includes(stage: Stage, person: PublicKey): Promise<boolean>
  /** Notes what an input staged of a stranger, and makes room for it. Returns who had to go. */
  note(stage: Stage, person: PublicKey): Promise<readonly PublicKey[]>
  /** They were answered, or added: they stay. */
  meet(stage: Stage, person: PublicKey): Promise<void>
}

export interface StrangersOptions {
  readonly storage: Reads
  readonly clock: Clock
  /** Whether they are with us in a group that we joined. */
  isCompany(stage: Stage, person: PublicKey): Promise<boolean>
  /** Takes away all sessions with this person. */
  forget(stage: Stage, person: PublicKey): Promise<void>
  dropped(what: 'strangers' | 'stranger-messages', count: number): void
  readonly limits?: StrangerLimits
}

export interface StrangerLimits {
  readonly strangers: number
  readonly bytes: number
  readonly bytesOfOne: number
}

const LIMITS: StrangerLimits = {
  strangers: MAX_STRANGERS,
  bytes: MAX_STRANGER_BYTES,
  bytesOfOne: MAX_BYTES_OF_ONE,
}

export function createStrangers(options: StrangersOptions): Strangers {
  const { storage, clock, dropped, limits = LIMITS } = options
  /** By key, silent longest first. BOUNDED by what {@link note} leaves. */
  const known = new Map<string, { readonly person: PublicKey; readonly bytes: number }>()
  let bytes = 0

  const remove = (person: PublicKey): void => {
    bytes -= known.get(toHex(person))?.bytes ?? 0
    known.delete(toHex(person))
  }
  const remember = (person: PublicKey, size: number): void => {
    remove(person)
    known.set(toHex(person), { person, bytes: size })
    bytes += size
  }

  /** Everything that is kept of somebody, in the commit of the input that needed the room. */
  const drop = async (stage: Stage, person: PublicKey): Promise<void> => {
    const { id } = oneToOneChat(person)
    dropped('strangers', 1)
    dropped('stranger-messages', (await dropMessages(stage, person, 0)).count)
    await options.forget(stage, person)
    await forgetRequest(stage, person)
    stage.add({ changes: [deleteChat(id), deleteStranger(person), deleteRoute(negotiatedName(person))] })
    remove(person)
  }

  return {
    async load() {
      known.clear()
      bytes = 0
      const found = await allStrangers(storage)
      for (const stranger of found.sort((a, b) => a.heardAtMs - b.heardAtMs))
        remember(stranger.publicKey, stranger.bytes)
    },

    async includes(stage, person) {
      if (await getStranger(stage, person)) return true
      const isKnown = (await getContact(stage, person)) ?? (await getChat(stage, oneToOneChat(person).id))
      return isKnown === undefined && !(await options.isCompany(stage, person))
    },

    async note(stage, person) {
      const staged = stage.changes.filter(isKept)
      if (staged.length === 0) return []
      const stored = await getStranger(stage, person)
      let size = (stored?.bytes ?? 0) + staged.reduce((sum, change) => sum + bytesOf(change), 0)
      if (size > limits.bytesOfOne) {
        const gone = await dropMessages(stage, person, limits.bytesOfOne / 2)
        await recountUnread(stage, oneToOneChat(person).id)
        dropped('stranger-messages', gone.count)
        size = gone.bytesLeft
      }
      stage.add({
        changes: [putStranger({ publicKey: person, heardAtMs: clock.wallMs(), bytes: size })],
      })
      remember(person, size)
      const gone: PublicKey[] = []
      while (known.size > 1 && (known.size > limits.strangers || bytes > limits.bytes)) {
        const [oldest] = known.values()
        if (!oldest) break
        await drop(stage, oldest.person)
        gone.push(oldest.person)
      }
      return gone
    },

    async meet(stage, person) {
      if (!(await getStranger(stage, person))) return
      stage.add({ changes: [deleteStranger(person)] })
      remove(person)
    },
  }
}

/** The newest messages, up to so many bytes, are left. */
async function dropMessages(stage: Stage, person: PublicKey, keepBytes: number) {
  const [from, to] = messageKeys(oneToOneChat(person).id)
  let [bytesLeft, count] = [0, 0]
  for await (const [key, value] of stage.range('message', from, to, Number.MAX_SAFE_INTEGER)) {
    const { content } = decodeRecord<Message>(value)
    const size = value.length + (content?.kind === 'image' ? content.bytes : 0)
    if (bytesLeft + size <= keepBytes) {
      bytesLeft += size
      continue
    }
    stage.add({ changes: deleteMessageAt(key) })
    count++
  }
  return { count, bytesLeft }
}

type StagedChange = Stage['changes'][number]

/** Messages, requests, sessions and what was answered; what else an input changes is bounded elsewhere. */
function isKept(change: StagedChange): boolean {
  return 'put' in change && KEPT.has(change.put[0])
}
const KEPT: ReadonlySet<string> = new Set(['message', 'image', 'relation', INSTALLATIONS_TABLE, PEERS_TABLE])

/** What a stranger makes large: sessions are bounded by their own layer. */
const SIZED: ReadonlySet<string> = new Set(['message', 'image', 'relation'])

function bytesOf(change: StagedChange): number {
  const [table, , value] = 'put' in change ? change.put : []
  return value && SIZED.has(table ?? '') ? value.length : 0
}
