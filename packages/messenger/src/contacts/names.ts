/** Who could be taken for whom: names that people claim, held to the names of our contacts. */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import { threeWordName } from '@status-protocol/trust'
import { hasBidiControls, hasBidiMarks, skeletonsOf } from '@status-protocol/trust/look-alike'
import type { Reads } from '../stage.ts'
import { allContacts } from '../tables.ts'

/** Told beside what somebody wrote or claims; nothing is altered. */
export type NameWarning =
  /** It has characters that change the order in which it is shown. */
  | 'bidi'
  /** It can be taken for the name or the three words of a contact, or for our own; that of a group also for another group. */
  | 'look-alike'

export interface Names {
  /** What there is to say about a name that `person` claims. */
  warningsOf(name: string, person: PublicKey): Promise<readonly NameWarning[]>
  /** Contacts have changed. */
  changed(): void
}

/** @param self whose own names count as a contact's */
export function createNames(storage: Reads, self?: PublicKey): Names {
  /** Skeleton -> whose names have it, in hex. BOUNDED by four for each contact. */
  let index: Promise<ReadonlyMap<string, ReadonlySet<string>>> | undefined

  const build = async (): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
    const found = new Map<string, Set<string>>()
    const people = [...(self ? [{ publicKey: self, name: undefined }] : []), ...(await allContacts(storage))]
    for (const { publicKey, name } of people)
      for (const known of [threeWordName(publicKey), ...(name ? [name] : [])])
        for (const skeleton of skeletonsOf(known)) {
          const owners = found.get(skeleton) ?? new Set<string>()
          found.set(skeleton, owners.add(toHex(publicKey)))
        }
    return found
  }

  return {
    async warningsOf(name, person) {
      if (name === '') return []
      index ??= build()
      index.catch(() => {
        index = undefined
      })
      const known = await index
      const isAnothers = skeletonsOf(name).some((skeleton) =>
        [...(known.get(skeleton) ?? [])].some((owner) => owner !== toHex(person)),
      )
      return [
        ...(hasBidiMarks(name) ? ['bidi' as const] : []),
        ...(isAnothers ? ['look-alike' as const] : []),
      ]
    },
    changed() {
      index = undefined
    },
  }
}

/** Of a text that somebody wrote. */
export function warningsOfText(text: string): readonly NameWarning[] {
  return hasBidiControls(text) ? ['bidi'] : []
}
