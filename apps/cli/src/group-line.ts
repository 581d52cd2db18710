/** Groups and what changes in them, as lines for people. */
import type { PublicKey } from '@status-protocol/bytes'
import type { Group, GroupNote } from '@status-protocol/messenger'
import type { Names } from './names.ts'
import { terminalText } from './terminal-text.ts'
import { groupWarnings } from './warnings.ts'

/** `Bob invited Carol`, `Bob has left` */
export function groupNoteText(note: GroupNote, names: Pick<Names, 'of'>): string {
  const all = (keys: readonly PublicKey[]): string => keys.map((key) => names.of(key)).join(', ')
  switch (note.type) {
    case 'created':
      return `made by ${names.of(note.by)}${groupWarnings(note.warnings)}`
    case 'invited':
      return note.name === undefined
        ? `${names.of(note.by)} invited ${all(note.members)}`
        : `${names.of(note.by)} invites you; /group accept or decline${groupWarnings(note.warnings)}`
    case 'promoted':
      return `${all(note.members)} made admin by ${names.of(note.by)}`
    case 'kicked':
      return `${all(note.members)} removed by ${names.of(note.by)}`
    case 'joined':
      return `${names.of(note.by)} has joined`
    case 'left':
      return `${names.of(note.by)} has left`
    case 'steppedDown':
      return `${names.of(note.by)} is no admin any more`
    case 'renamed':
      return `called ${terminalText(note.name)} by ${names.of(note.by)}${groupWarnings(note.warnings)}`
    case 'undone':
      return `something that ${names.of(note.by)} did (${note.what}) does not count any more`
    case 'diverged':
      return `${names.of(note.with)} sees another group than you do; they are told what they miss`
    case 'healed':
      return `${names.of(note.with)} sees the same group as you again`
  }
}

/** The group, then one line for each member. */
export function groupLines(group: Group, names: Pick<Names, 'of'>): readonly string[] {
  const stands = { joined: '', invited: ' (you are invited)', left: ' (you are not in it)' }[group.membership]
  return [
    `${terminalText(group.name)}${stands}${groupWarnings(group.warnings)} ${group.id}`,
    ...group.members.map(
      ({ publicKey, role, state }) =>
        `  ${names.of(publicKey)}${role === 'admin' ? ', admin' : ''}${state === 'invited' ? ', invited' : ''}`,
    ),
    ...(group.rejected.length > 0 ? [`  ${group.rejected.length} changes that do not count`] : []),
    ...group.diverged.map((key) => `  ${names.of(key)} sees another group than you do`),
  ]
}
