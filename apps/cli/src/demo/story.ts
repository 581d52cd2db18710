/** What the demonstration shows, in order. */
import { CliError } from '../error.ts'
import type { Journey } from './journey.ts'
import type { Stage } from './stage.ts'

export interface Narrator {
  chapter(title: string): void
  people(stage: Stage): void
  remark(text: string): void
  message(journey: Journey): void
}

const ALICE = 'alice'
const BOB = 'bob'
const CAROL = 'carol'
const ROOM = '#demo'
const EVERYBODY = [ALICE, BOB, CAROL] as const

export async function tell(stage: Stage, narrator: Narrator): Promise<void> {
  const say = async (from: string, to: string, text: string): Promise<void> => {
    const { messageId } = await stage.send(from, to, text)
    const readers = to === ROOM ? EVERYBODY.filter((name) => name !== from) : [to]
    narrator.message(await stage.arrived(messageId, readers))
  }

  await stage.enter(...EVERYBODY)
  narrator.people(stage)

  narrator.chapter("First contact: alice knows bob's public key and nothing else")
  await say(ALICE, BOB, 'Hello Bob, this is Alice.')

  narrator.chapter(
    'Her message brought her keys: bob begins a session (X3DH), both go on in it (double ratchet)',
  )
  await say(BOB, ALICE, 'Hello Alice! From here on we have forward secrecy.')
  await say(ALICE, BOB, 'And a topic that only the two of us know.')
  await say(BOB, ALICE, 'Each turn has a new key.')

  narrator.chapter(`A public chat of three: everybody who knows the name ${ROOM} can read it`)
  for (const name of EVERYBODY) await stage.join(name, ROOM)
  for (const name of EVERYBODY) await say(name, ROOM, `${name} is here.`)

  narrator.chapter('carol meets alice, goes offline, and comes back')
  await say(CAROL, ALICE, 'Hi Alice, I have to go in a minute.')
  await say(ALICE, CAROL, 'I will write you the details.')
  await stage.leave(CAROL)
  narrator.remark('carol has stopped; her sessions are in her encrypted database')
  const { messageId } = await stage.send(ALICE, CAROL, 'The details: noon, at the fountain.')
  await stage.sentTimes(messageId, 2)
  narrator.remark('alice has no acknowledgement, so data sync has sent it again, newly encrypted')
  await stage.enter(CAROL)
  narrator.remark('carol has started again on the same data directory')
  narrator.message(await stage.arrived(messageId, [CAROL]))
  await say(CAROL, ALICE, 'Back again, and I have read everything.')

  await compare(stage)
}

/** All lists hold all messages once, in one order. @throws CliError `demo-failed` */
async function compare(stage: Stage): Promise<void> {
  const pairs = [
    [ALICE, BOB],
    [ALICE, CAROL],
  ] as const
  for (const [one, other] of pairs)
    same(await stage.listed(one, other), await stage.listed(other, one), `the chat of ${one} and ${other}`)
  const rooms = await Promise.all(EVERYBODY.map((name) => stage.listed(name, ROOM)))
  for (const room of rooms) same(room, rooms[0] ?? [], ROOM)
  const listed = [
    ...(await stage.listed(ALICE, BOB)),
    ...(await stage.listed(ALICE, CAROL)),
    ...(rooms[0] ?? []),
  ]
  same(
    listed.sort(),
    stage.travels
      .all()
      .map(({ messageId }) => messageId)
      .sort(),
    'story',
  )
}

function same(one: readonly string[], other: readonly string[], what: string): void {
  if (one.length === other.length && one.every((id, i) => id === other[i])) return
  throw new CliError('demo-failed', `two lists of ${what} differ: ${one.length} and ${other.length} messages`)
}
