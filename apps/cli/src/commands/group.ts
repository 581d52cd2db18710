/** `status group`, and `/group` in a chat: what a person does with groups. */
import type { Group, Messenger } from '@status-protocol/messenger'
import { type Command, Option } from 'commander'
import { CliError } from '../error.ts'
import { groupLines } from '../group-line.ts'
import { loadNames, type Names, parsePerson } from '../names.ts'
import { shortened } from '../screen.ts'
import { groupView } from '../serve/group-view.ts'
import type { Session } from '../session.ts'
import { type Flags, type Settings, withoutWarnings } from '../settings.ts'
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
  kick: (groups, id, words, names) => groups.kick(id, onlyOne(peopleNamed(words, names))),
  promote: (groups, id, words, names) => groups.promote(id, peopleNamed(words, names)),
  'step-down': (groups, id) => groups.stepDown(id),
  rename: (groups, id, words) => groups.rename(id, words.join(' ')),
}

/** The groups that it was about, as they are now. @throws CliError `invalid-argument`; MessengerError */
export async function groupAction(
  { groups }: Pick<Messenger, 'groups'>,
  names: Names,
  [action = 'list', ...words]: readonly string[],
  creating: Parameters<Groups['create']>[2] = {},
): Promise<readonly Group[]> {
  if (action === 'list') return groups.list()
  if (action === 'create') {
    const [name = '', ...people] = words
    return [await groups.create(name, people.length > 0 ? peopleNamed(people, names) : [], creating)]
  }
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
  const [group, ...rest] = words
  if (!act || group === undefined) throw new CliError('invalid-argument', expected(action, act))
  return [await act(groups, await idOf(groups, names, group), rest, names)]
}

/** A group by its id, the start of it, or its name. */
async function idOf(groups: Groups, names: Names, text: string): Promise<string> {
  const named = names.named(text)
  if (named !== undefined) return named
  const found = (await groups.list()).filter(({ id }) => id.startsWith(text))
  if (found.length > 1)
    throw new CliError('invalid-argument', `${found.length} groups begin with ${text}: give more of the id`)
  if (found.length === 0)
    throw new CliError(
      'invalid-argument',
      `there is no group ${JSON.stringify(shortened(text, 60))}: group list shows yours`,
    )
  return (found[0] as Group).id
}

/** `view <group>                who is in it` without the why. */
const USAGES = GROUP_HELP.map((line) => line.split(/ {2,}/, 1)[0] as string)

function expected(action: string, act: Act | undefined): string {
  const usage = USAGES.find((line) => line.split(' ', 1)[0] === action)
  return act && usage
    ? `expected: group ${usage}`
    : `group: expected ${USAGES.map((line) => line.split(' ', 1)[0]).join(', ')}, got ${JSON.stringify(shortened(action, 40))}`
}

/** Words, of which quotes make one: names of groups have spaces. */
export function unquoted(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, word]) => double ?? single ?? word ?? '',
  )
}

function peopleNamed(words: readonly string[], names: Names) {
  if (words.length === 0)
    throw new CliError('invalid-argument', 'name at least one person: a contact, or a key')
  return words.map((word) => parsePerson(names.chatNamed(word)))
}

function onlyOne<T>(all: readonly T[]): T {
  if (all.length !== 1) throw new CliError('invalid-argument', `name one person, got ${all.length}`)
  return all[0] as T
}

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
  if (!looks(words) && !isAlone) await untilTold(session, 'the members are told')
}

type Generation = 'v1' | 'legacy'

/** Declares the command. */
export function declareGroup(
  command: Command,
  withSession: (flags: Flags, run: (session: Session, settings: Settings) => Promise<void>) => Promise<void>,
): void {
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
    .action((words: readonly string[], flags: Flags & { readonly generation?: Generation }) =>
      withSession(looks(words) ? withoutWarnings(flags) : flags, (session, settings) =>
        group(session, words, { json: settings.json, generation: flags.generation }),
      ),
    )
}

/** Whether nobody is told anything. */
const looks = ([action]: readonly string[]): boolean => ['list', 'view', undefined].includes(action)
