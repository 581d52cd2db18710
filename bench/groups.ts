// Groups: what a fold costs, and what a message to all members costs, through the messenger with sessions and data sync.
//   node --conditions=@status-protocol/source --import tsx bench/groups.ts [members, 200] [devices of each, 2] [events, 1000]
import { fromHex, type PublicKey, to0xHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createSecureChannel } from '@status-protocol/double-ratchet'
import { createMessenger } from '@status-protocol/messenger'
import {
  foldGroup,
  GROUP_EVENT_TYPES,
  type GroupEvent,
  groupChatId,
  mergeGroupEvents,
  type OpenedGroupEvent,
  openGroupEvent,
  signGroupEvent,
  wrap,
} from '@status-protocol/payload'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { Network } from './support/network.ts'

const [MEMBERS, DEVICES, EVENTS] = [200, 2, 1_000].map((count, i) =>
  Number(process.argv[2 + i] ?? count),
) as [number, number, number]
const GOAL_MS = 200
const TEXT = 'x'.repeat(100)

interface Somebody {
  readonly privateKey: Uint8Array
  readonly publicKey: PublicKey
  readonly id: string
}
const somebody = (): Somebody => {
  const privateKey = generatePrivateKey(crypto, systemRandom)
  const publicKey = crypto.publicKey(privateKey)
  return { privateKey, publicKey, id: to0xHex(publicKey) }
}
const us = somebody()
const members = Array.from({ length: MEMBERS - 1 }, somebody)

const isGood = converge()
await fanOut()
process.exit(isGood ? 0 : 1)

/** Everybody joins, the rest are changes of the name; half of it is known, half comes with one update. */
function converge(): boolean {
  const id = groupChatId(us.publicKey, systemRandom)
  let clock = BigInt(Date.now())
  const event = (
    by: Somebody,
    changes: Partial<GroupEvent> & { readonly type: number },
  ): OpenedGroupEvent => {
    const signed = signGroupEvent(id, { clock: ++clock, members: [], name: '', ...changes }, by)
    const opened = openGroupEvent(id, signed)
    if (!opened.ok) throw new Error(opened.reason)
    return opened.event
  }
  const events = [
    event(us, { type: GROUP_EVENT_TYPES.chatCreated, name: 'a group' }),
    event(us, { type: GROUP_EVENT_TYPES.membersAdded, members: members.map(({ id }) => id) }),
    ...members.map((member) => event(member, { type: GROUP_EVENT_TYPES.memberJoined })),
  ]
  while (events.length < EVENTS)
    events.push(event(us, { type: GROUP_EVENT_TYPES.nameChanged, name: `name ${events.length}` }))
  const shuffled = events.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const bytes = events.reduce((sum, { signed }) => sum + signed.length, 0)
  const fold = best(() => foldGroup(id, shuffled))
  const half = shuffled.slice(0, EVENTS / 2)
  const merge = best(() => mergeGroupEvents(id, half, shuffled))
  const opening = best(() => shuffled.slice(0, 256).map(({ signed }) => openGroupEvent(id, signed)))
  const { state, rejected } = foldGroup(id, shuffled)
  const isComplete = state?.joined.length === MEMBERS && rejected.length === 0
  console.log(`${EVENTS} events of ${MEMBERS} members, ${(bytes / 1024).toFixed(0)} KiB, in any order:`)
  console.log(`  fold ${fold.toFixed(1)} ms, merge with half of them known ${merge.toFixed(1)} ms`)
  console.log(
    `  signatures: ${opening.toFixed(0)} ms for 256, as many as are looked at in one update (${((opening / 256) * 1000).toFixed(0)} us each)`,
  )
  const isFast = isComplete && merge < GOAL_MS
  console.log(`  goal: < ${GOAL_MS} ms ${isFast ? 'reached' : 'MISSED'}`)
  return isFast
}

/** One message of ours, until the last envelope is handed to Whisper; and all who have it say so. */
async function fanOut(): Promise<void> {
  const network = new Network()
  const messenger = await createMessenger({
    account: { chatKey: us },
    storage: createMemoryStorage(),
    whisper: network,
  })
  for (const member of members)
    for (let device = 0; device < DEVICES; device++) {
      const channel = createSecureChannel({
        identity: member.privateKey,
        installationId: `${device}-of-${member.id.slice(4, 20)}`,
        storage: createMemoryStorage(),
      })
      network.say(member, await channel.encrypt(us.publicKey, utf8('hello')))
    }
  const { id } = await messenger.groups.create(
    'a group',
    members.map(({ publicKey }) => publicKey),
  )
  for (const member of members) {
    const clock = BigInt(Date.now()) + 10n
    const joined = signGroupEvent(
      id,
      { type: GROUP_EVENT_TYPES.memberJoined, clock, members: [], name: '' },
      member,
    )
    network.say(member, wrap({ type: 'membership-update', chatId: id, events: [joined] }, member))
  }
  const joinedNow = async () =>
    (await messenger.groups.view(id)).members.filter(({ state }) => state === 'joined').length
  while ((await joinedNow()) < MEMBERS) await pause(50)
  await network.quiet()

  for (const round of ['with all events', 'alone, as all have said that they see the group as it is']) {
    if (round !== 'with all events') await allTellTheirView(id)
    network.posts.length = 0
    const start = performance.now()
    const { id: messageId } = await messenger.send(id, TEXT)
    const storedMs = performance.now() - start
    while (network.posts.length < MEMBERS - 1) await pause(5)
    const ms = performance.now() - start
    const bytes = network.posts.reduce((sum, size) => sum + size, 0)
    const { receipts } = (await messenger.message(messageId)) ?? {}
    console.log(
      `a message of ${TEXT.length} bytes to ${receipts?.of} members x ${DEVICES} devices, ${round}:\n` +
        `  stored after ${storedMs.toFixed(0)} ms, all encrypted and handed to Whisper after ${ms.toFixed(0)} ms; ` +
        `${network.posts.length} payloads, ${(bytes / 2 ** 20).toFixed(1)} MiB, ${(bytes / network.posts.length / 1024).toFixed(1)} KiB each`,
    )
    await network.quiet()
  }
  await messenger.close()

  async function allTellTheirView(chatId: string): Promise<void> {
    const view = fromHex((await messenger.groups.view(chatId)).view)
    for (const member of members)
      network.say(member, wrap({ type: 'membership-update', chatId, events: [], view }, member))
    await network.quiet()
  }
}

function best(run: () => unknown): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 5; i++) {
    const start = performance.now()
    run()
    least = Math.min(least, performance.now() - start)
  }
  return least
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
