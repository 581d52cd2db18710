import { type PublicKey, to0xHex } from '@status-protocol/bytes'
import type { Group, GroupNote } from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'
import type { z } from 'zod'
import type { GROUP } from './notifications.ts'

/** A group as JSON has it, the same for `serve` and `group --json`. */
export function groupView(group: Group): z.input<typeof GROUP> {
  return {
    group: group.id,
    name: group.name,
    ...(group.warnings ? { warnings: [...group.warnings] } : {}),
    membership: group.membership,
    createdBy: to0xHex(group.createdBy),
    toldBy: to0xHex(group.toldBy),
    isStrange: group.isStrange,
    members: group.members.map(({ publicKey, role, state }) => ({
      publicKey: to0xHex(publicKey),
      threeWordName: threeWordName(publicKey),
      role,
      state,
    })),
    rejected: group.rejected.map(({ by, kind, clock }) => ({
      by: to0xHex(by),
      kind,
      clock: clock.toString(),
    })),
    diverged: group.diverged.map((key) => to0xHex(key)),
    view: group.view,
    ...(group.generation === 'v1' ? {} : { generation: group.generation }),
  }
}

/** A change as JSON has it: its type as `change`, keys as text. */
export function groupNoteView({ type, ...facts }: GroupNote): object {
  const texts = Object.entries(facts).map(([name, value]) => [name, textOf(value)])
  return { change: type, ...Object.fromEntries(texts) }
}

function textOf(value: string | PublicKey | readonly (string | PublicKey)[]): string | readonly string[] {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? to0xHex(value) : value.map((one) => textOf(one) as string)
}
