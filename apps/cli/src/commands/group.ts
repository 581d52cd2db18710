/** `status group`, and `/group` in a chat: what a person does with groups. */
import type { PublicKey } from '@status-protocol/bytes'
import type { Group, Messenger } from '@status-protocol/messenger'
import { type Command, Option } from 'commander'
import { CliError } from '../error.ts'
import { groupLines } from '../group-line.ts'
import { loadNames, type Names, parsePerson } from '../names.ts'
import { shortened } from '../screen.ts'
import { groupView } from '../serve/group-view.ts'
import type { Session } from '../session.ts'
import { type Flags, withoutWarnings } from '../settings.ts'
import type { WithSession } from '../with-session.ts'
import { untilTold } from './told.ts'

/** What there is to do, and what each needs. */
export const GROUP_HELP = [
  'list                        all groups',
  'view <group>                who is in it',
  'create <name> [person...]   make one and invite people',
  'invite <group> <person...>  by admins, as all but accept, decline and leave',
  'accept <group>              join it; nobody joins for you',
  'decline <group>',
  'leave <group>',
  'kick <group> <person>',
  'promote <group> <person...>',
  'step-down <group>',
  'rename <group> <name>',
] as const

type Groups = Messenger['groups']
type Act = (groups: Groups, id: string, words: readonly string[], names: Names) => Promise<Group>

const ACTIONS: Readonly<Record<string, Act>> = {
  view: (groups, id) => groups.view(id),
  invite: (groups, id, words, names) => groups.invite(id, peopleNamed(words, names)),
  accept: (groups, id) => groups.accept(id),
  decline: (groups, id) => groups.decline(id),
  leave: (groups, id) => groups.leave(id),
  kick: (groups, id, [person = ''], names) => groups.kick(id, personNamed(person, names)),
  promote: (groups, id, words, names) => groups.promote(id, peopleNamed(words, names)),
  'step-down': (groups, id) => groups.stepDown(id),
  rename: (groups, id, words) => groups.rename(id, words.join(' ')),
}

/** How many words follow each, at least and at most. */
const WORDS: Readonly<Record<string, readonly [number, number]>> = {
  list: [0, 0],
  create: [1, Infinity],
  view: [1, 1],
  invite: [2, Infinity],
  accept: [1, 1],
  decline: [1, 1],
  leave: [1, 1],
  kick: [2, 2],
  promote: [2, Infinity],
  'step-down': [1, 1],
  rename: [2, Infinity],
}

/** What can be told before anything is opened. @throws CliError `invalid-argument` */
export function checkGroup([action = 'list', ...words]: readonly string[]): void {
  const [least, most] = (Object.hasOwn(WORDS, action) ? WORDS[action] : undefined) ?? [1, 0]
  if (words.length < least || words.length > most || words.some((word) => word.trim() === ''))
    throw new CliError('invalid-argument', expected(action))
}

/** The groups that it was about, as they are now. @throws CliError `invalid-argument`; MessengerError */
export async function groupAction(
  { groups }: Pick<Messenger, 'groups'>,
  names: Names,
  asked: readonly string[],
  creating: Parameters<Groups['create']>[2] = {},
): Promise<readonly Group[]> {
  checkGroup(asked)
  const [action = 'list', ...words] = asked
  if (action === 'list') return groups.list()
  if (action === 'create') {
    const [name = '', ...people] = words
    return [await groups.create(name, peopleNamed(people, names), creating)]
  }
  const [group = '', ...rest] = words
  return [await (ACTIONS[action] as Act)(groups, await idOf(groups, names, group), rest, names)]
}

/** A group by its id, the start of it, or its name. */
async function idOf(groups: Groups, names: Names, text: string): Promise<string> {
  const ids: readonly string[] = (await groups.list()).map(({ id }) => id)
  if (ids.includes(text)) return text // whatever others call a group of theirs
  const named = names.named(text)
  const found = ids.filter((id) => id.startsWith(text) || id === named)
  if (found.length > 1)
    throw new CliError(
      'invalid-argument',
      `${found.length} groups have the name or the beginning of an id ${text}: give more of the id`,
    )
  if (found.length === 0)
    throw new CliError(
      'invalid-argument',
      `there is no group ${JSON.stringify(shortened(text, 60))}: group list shows yours`,
    )
  return found[0] as string
}

/** `view <group>                who is in it` without the why. */
const USAGES = GROUP_HELP.map((line) => line.split(/ {2,}/, 1)[0] as string)

function expected(action: string): string {
  const usage = USAGES.find((line) => line.split(' ', 1)[0] === action)
  return usage
    ? `expected: group ${usage} (quotes make one name of several words)`
    : `group: expected ${USAGES.map((line) => line.split(' ', 1)[0]).join(', ')}, got ${JSON.stringify(shortened(action, 40))}`
}

/** Words, of which quotes make one: names of groups have spaces. */
export function unquoted(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, word]) => double ?? single ?? word ?? '',
  )
}

const personNamed = (word: string, names: Names): PublicKey => parsePerson(names.chatNamed(word))

const peopleNamed = (words: readonly string[], names: Names): PublicKey[] =>
  words.map((word) => personNamed(word, names))

/** Prints the groups when a peer has what members are to be told, or says that none has. */
async function group(
  session: Session,
  words: readonly string[],
  { json, generation }: { readonly json: boolean; readonly generation: Generation | undefined },
): Promise<void> {
  const { messenger } = session
  const names = await loadNames(messenger)
  const found = await groupAction(messenger, names, words, generation ? { generation } : {})
  for (const one of found)
    console.log(json ? JSON.stringify(groupView(one)) : groupLines(one, names).join('\n'))
  if (found.length === 0 && !json) console.log('No groups yet.')
  const isAlone = words[0] === 'create' && found.every(({ members }) => members.length === 1)
  if (looks(words)) return
  await session.connect()
  if (!isAlone) await untilTold(session, 'the members are told')
}

type Generation = 'v1' | 'legacy'

/** Declares the command. */
export function declareGroup(command: Command, withSession: WithSession): void {
  command
    .description('Groups: make, show, join, leave and change them.')
    .argument('[words...]', 'what to do')
    .addOption(
      new Option(
        '--generation <which>',
        'with create: whose clients are to be in it, legacy those of 2019 (default: what all are known to speak)',
      ).choices(['v1', 'legacy']),
    )
    .addHelpText('after', `\nWhat to do:\n  ${GROUP_HELP.join('\n  ')}`)
    .action((words: readonly string[], flags: Flags & { readonly generation?: Generation }) => {
      checkGroup(words)
      if (flags.generation && words[0] !== 'create')
        throw new CliError('invalid-argument', '--generation: only with group create')
      return withSession(
        looks(words) ? withoutWarnings(flags) : flags,
        (session, { json }) => group(session, words, { json, generation: flags.generation }),
        { connectsLater: true, createsAccount: words[0] === 'create' },
      )
    })
}

/** Whether nobody is told anything. */
const looks = ([action]: readonly string[]): boolean => ['list', 'view', undefined].includes(action)
