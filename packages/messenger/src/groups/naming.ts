/** Names of groups that could mislead: flagged, never altered. Whoever is an admin chooses them. */
import { skeletonsOf } from '@status-protocol/trust/look-alike'
import type { ChatId } from '../chat.ts'
import type { Names, NameWarning } from '../contacts/names.ts'
import type { Reads } from '../stage.ts'
import type { GroupEvent } from './group.ts'
import { allGroups } from './tables.ts'

export interface GroupNaming {
  /** What there is to say about the name of a group: of what it holds, of the people and the joined groups that it looks like. */
  warningsOf(name: string, id: ChatId): Promise<readonly NameWarning[]>
  /** The events with what there is to say about the names in them. */
  flagged(events: readonly GroupEvent[]): Promise<readonly GroupEvent[]>
  /** Groups have changed. */
  changed(): void
}

/** Nobody's: a group is none of the people whose names it may have. */
const NOBODY = new Uint8Array(0)

export function createGroupNaming(storage: Reads, names: Pick<Names, 'warningsOf'>): GroupNaming {
  /** Skeleton -> groups that we joined whose names have it. BOUNDED by two for each of them. */
  let joined: Promise<ReadonlyMap<string, ReadonlySet<ChatId>>> | undefined

  const build = async (): Promise<ReadonlyMap<string, ReadonlySet<ChatId>>> => {
    const found = new Map<string, Set<ChatId>>()
    for (const { id, name, membership } of await allGroups(storage))
      if (membership === 'joined')
        for (const skeleton of skeletonsOf(name)) {
          const ids = found.get(skeleton) ?? new Set<ChatId>()
          found.set(skeleton, ids.add(id))
        }
    return found
  }

  const isAnothers = async (name: string, id: ChatId): Promise<boolean> => {
    joined ??= build()
    joined.catch(() => {
      joined = undefined
    })
    const known = await joined
    return skeletonsOf(name).some((one) => [...(known.get(one) ?? [])].some((other) => other !== id))
  }

  const warningsOf: GroupNaming['warningsOf'] = async (name, id) => {
    const warnings = await names.warningsOf(name, NOBODY)
    if (name === '' || warnings.includes('look-alike') || !(await isAnothers(name, id))) return warnings
    return [...warnings, 'look-alike']
  }

  return {
    warningsOf,
    async flagged(events) {
      const found: GroupEvent[] = []
      for (const event of events) {
        const { chat, change } = event
        const name = 'name' in change ? change.name : undefined
        const warnings = name === undefined ? [] : await warningsOf(name, chat)
        const isNamed = change.type === 'created' || change.type === 'invited' || change.type === 'renamed'
        found.push(isNamed && warnings.length > 0 ? { ...event, change: { ...change, warnings } } : event)
      }
      return found
    },
    changed() {
      joined = undefined
    },
  }
}
