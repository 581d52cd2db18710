/** Chats in a list: what each is called, what it cannot be mistaken by, and how it stands. */
import type { ChatId, ChatState, Group } from '@status-protocol/messenger'
import { publicKeyToText } from '@status-protocol/trust'
import type { Names } from './names.ts'
import { columns } from './table.ts'
import { groupWarnings } from './warnings.ts'

/** `Bob  zQ3shj...pF14BR  2 unread, muted`, `hiking  9051eb8f  3 members`: a line for each. */
export function chatLines(
  states: readonly ChatState[],
  names: Pick<Names, 'ofChat'>,
  groups: readonly Group[] = [],
): readonly string[] {
  const known = new Map<ChatId, Group>(groups.map((group) => [group.id, group]))
  const rows = states.map((state) => {
    const group = known.get(state.chat.id)
    const marks = marksOf(state, group).join(', ') + groupWarnings(group?.warnings)
    return [names.ofChat(state.chat), keyText(state), marks]
  })
  return rows.length > 0 ? columns(rows) : ['No chats yet: #name opens a public one, a key a private one.']
}

/** Enough of it to tell two of one name apart; `group` and `contacts` know the start of an id and the whole key. */
function keyText({ chat }: ChatState): string {
  if (chat.kind === 'public') return ''
  return chat.kind === 'group' ? chat.id.slice(0, 8) : shortKey(publicKeyToText(chat.publicKey))
}

const shortKey = (key: string): string => `${key.slice(0, 7)}...${key.slice(-6)}`

function marksOf({ unread, muted, archived, deniable }: ChatState, group: Group | undefined): string[] {
  return [
    ...(group ? [standing(group)] : []),
    ...(unread > 0 ? [`${unread} unread`] : []),
    ...(muted ? ['muted'] : []),
    ...(archived ? ['archived'] : []),
    ...(deniable ? ['deniable'] : []),
  ]
}

function standing({ membership, members }: Group): string {
  if (membership === 'invited') return 'you are invited: accept or decline'
  return membership === 'left'
    ? 'you are not in it'
    : `${members.length} member${members.length === 1 ? '' : 's'}`
}
