/** Groups that others put us into. Nobody joins for us, and what is kept of such groups is bounded. */
import type { Change } from '@status-protocol/ports'
import type { Stage } from '../stage.ts'
import { deleteChat } from '../tables.ts'
import type { Book, Loaded } from './book.ts'
import {
  allGroups,
  allHeld,
  allPeers,
  deleteGroup,
  deleteGroupEvent,
  deleteHeld,
  deletePeer,
  type GroupRecord,
} from './tables.ts'

/** BOUNDED: groups that we never joined and that strangers told us of; what was heard of longest ago goes. */
export const MAX_STRANGE_GROUPS = 100
/** BOUNDED: the same of contacts, and people we wrote to. */
export const MAX_INVITATIONS = 1_000
/** BOUNDED: events of all groups that we never joined. */
export const MAX_INVITATION_BYTES: number = 16 * 2 ** 20

export interface Invitations {
  /** After something was stored of a group: others go if there are too many. */
  makeRoom(stage: Stage, group: Loaded): Promise<void>
}

export interface InvitationsOptions {
  readonly book: Book
  dropped(what: 'invitations', count: number): void
  readonly limits?: { readonly strange: number; readonly all: number; readonly bytes: number }
}

const LIMITS = { strange: MAX_STRANGE_GROUPS, all: MAX_INVITATIONS, bytes: MAX_INVITATION_BYTES }

export function createInvitations({ book, dropped, limits = LIMITS }: InvitationsOptions): Invitations {
  const drop = async (stage: Stage, record: GroupRecord): Promise<void> => {
    const { id } = record
    const group = await book.load(stage, id)
    const changes: Change[] = [deleteGroup(id), deleteChat(id)]
    for (const event of group?.events ?? []) changes.push(deleteGroupEvent(event))
    for (const [person] of await allPeers(stage, id)) changes.push(deletePeer(id, person))
    for (const held of await allHeld(stage, id)) changes.push(...deleteHeld(held))
    stage.add({ changes })
    dropped('invitations', 1)
  }

  return {
    async makeRoom(stage, { record }) {
      if (record.wasJoined) return
      const open = (await allGroups(stage)).filter(({ wasJoined }) => !wasJoined)
      const byAge = open.sort((a, b) => b.heardAtMs - a.heardAtMs)
      const gone = new Set([
        ...byAge.filter(({ isStrange }) => isStrange).slice(limits.strange),
        ...byAge.slice(limits.all),
      ])
      let bytes = 0
      for (const one of byAge) {
        bytes += one.bytes
        if (bytes > limits.bytes && one.id !== record.id) gone.add(one)
      }
      for (const one of gone) await drop(stage, one)
    },
  }
}
