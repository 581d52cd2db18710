/**
 * Days that are over when a test begins. Everybody lives them in this process, on virtual time that ends now: real
 * messengers over real Whisper nodes, one of which archives what it carries. Bob's account and store are those of `status`,
 * so that a process can be Bob afterwards.
 */
import { to0xHex } from '@status-protocol/bytes'
import { systemRandom } from '@status-protocol/crypto'
import { createMessenger, type Messenger } from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { type VirtualClock, virtualClock } from '@status-protocol/testkit'
import { type Account, accountFromMnemonic, generateMnemonic } from '@status-protocol/trust'
import { createWhisper, type Envelope, type Whisper } from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import { loadOrCreateAccount } from '../src/account-store.ts'
import { createLog } from '../src/log.ts'
import { openStorage } from '../src/open-storage.ts'

const DAY_MS = 86_400_000

export interface PastOptions {
  readonly days: number
  /** In private, in public and in a group, of all together. */
  readonly messages: number
  /** `status` data directory. */
  readonly bobDir: string
  /** What the network carries while Bob is away. */
  archive(batch: readonly Envelope[]): Promise<unknown>
}

export interface Past {
  /** In order, by chat as Bob names it. */
  readonly said: ReadonlyMap<string, readonly string[]>
  readonly total: number
}

/** Three people who know Bob write, in bursts day by day, while he is away. */
export async function livePast({ days, messages, bobDir, archive }: PastOptions): Promise<Past> {
  const clock = virtualClock(Date.now() - days * DAY_MS)
  let isBobAway = false
  const relay = createWhisper({
    ...{ clock, scheduler: clock, minPow: 0 },
    beforeConfirm: async (batch) => {
      if (isBobAway) await archive(batch)
    },
  })
  const owner = await loadOrCreateAccount({ dataDir: bobDir })
  const { account } = owner
  const opened = await openStorage(bobDir, owner, createLog('silent', { json: true }))
  const bob = await startIn(clock, relay, account, opened.storage)
  const friends: Life[] = []
  for (let i = 0; i < 3; i++)
    friends.push(
      await startIn(clock, relay, accountFromMnemonic(generateMnemonic(systemRandom)), createMemoryStorage()),
    )
  for (const { messenger } of [bob, ...friends]) await messenger.join('#status')
  for (const { messenger, id } of friends) {
    await messenger.send(bob.id, 'hello Bob')
    await until(clock, () => bob.heard() > 0 && bob.has(id), 'a first contact')
    await bob.messenger.send(id, 'hello')
    await until(clock, () => messenger.rejected().size === 0 && friendHas(friends, id), 'an answer')
  }
  const group = await befriend(clock, friends, bob)
  await run(clock, 3_000, 20)
  await bob.stop()
  await opened.close()

  isBobAway = true
  const said = new Map<string, string[]>([
    ['#status', []],
    [group, []],
    ...friends.map(({ id }): [string, string[]] => [id, []]),
  ])
  const perDay = Math.ceil(messages / days)
  let total = 0
  for (let day = 0; day < days; day++) {
    for (const { messenger } of friends) messenger.setOnline(true)
    for (let i = 0; i < perDay && total < messages; i++, total++) {
      const { id, messenger } = friends[total % 3] as Life
      const text = `message ${total}, day ${day}`
      const [to, chat] = [
        [bob.id, id],
        ['#status', '#status'],
        [group, group],
      ][Math.floor(total / 3) % 3] as [string, string]
      await messenger.send(to, text)
      said.get(chat)?.push(text)
      await run(clock, 200, 50)
    }
    await run(clock, 5_000, 100)
    for (const { messenger } of friends) messenger.setOnline(false) // they sleep, too
    const dayEndsMs = Date.now() - (days - day - 1) * DAY_MS
    await run(clock, Math.max(0, dayEndsMs - 120_000 - clock.wallMs()), 600_000)
  }
  for (const friend of friends) await friend.stop()
  await relay.close()
  return { said, total }
}

/** A group of all four that everybody has joined. Its id. */
async function befriend(clock: VirtualClock, friends: readonly Life[], bob: Life): Promise<string> {
  const [founder, ...others] = friends as [Life, ...Life[]]
  const members = [bob, ...others].map(({ messenger }) => messenger.publicKey)
  const { id } = await founder.messenger.groups.create('friends', members)
  for (const { messenger } of [bob, ...others]) {
    await untilAsync(
      clock,
      async () => (await messenger.groups.view(id).catch(() => undefined)) !== undefined,
    )
    await messenger.groups.accept(id)
  }
  for (const { messenger } of [bob, ...friends])
    await untilAsync(clock, async () => {
      const all = (await messenger.groups.view(id)).members
      return all.length === 4 && all.every(({ state }) => state === 'joined')
    })
  return id
}

interface Life {
  readonly id: string
  readonly messenger: Messenger
  heard(): number
  /** Whether this chat has a message of the other side's. */
  has(chat: string): boolean
  stop(): Promise<void>
}

async function startIn(
  clock: VirtualClock,
  relay: Whisper,
  account: Account,
  storage: Storage,
): Promise<Life> {
  const whisper = createWhisper({ clock, scheduler: clock, minPow: 0 })
  const starting = createMessenger({ account, storage, whisper: whisper.service, clock, scheduler: clock })
  const messenger = await whileRunning(clock, starting)
  const { a, b } = createMemoryLinkPair({
    a: { id: systemRandom.bytes(64) },
    b: { id: systemRandom.bytes(64) },
  })
  void relay.attach(a)
  void whisper.attach(b)
  const chats: string[] = []
  void (async () => {
    for await (const event of messenger.events()) if (event.type === 'message') chats.push(event.chat)
  })()
  return {
    ...{ id: to0xHex(messenger.publicKey), messenger },
    heard: () => chats.length,
    has: (chat) => chats.includes(chat),
    async stop() {
      await whileRunning(clock, messenger.close())
      await whileRunning(clock, whisper.close())
    },
  }
}

const friendHas = (friends: readonly Life[], id: string): boolean =>
  (friends.find((friend) => friend.id === id)?.heard() ?? 0) > 0

async function run(clock: VirtualClock, ms: number, stepMs: number): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    await clock.advance(Math.min(left, stepMs))
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
}

async function until(clock: VirtualClock, isSo: () => boolean, what: string): Promise<void> {
  for (let passed = 0; !isSo(); passed += 20) {
    if (passed >= 120_000) throw new Error(`did not happen in two virtual minutes: ${what}`)
    await run(clock, 20, 20)
  }
}

async function untilAsync(clock: VirtualClock, isSo: () => Promise<boolean>): Promise<void> {
  for (let passed = 0; !(await isSo()); passed += 20) {
    if (passed >= 120_000) throw new Error('the group was not complete in two virtual minutes')
    await run(clock, 20, 20)
  }
}

async function whileRunning<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let isDone = false
  const done = (): void => {
    isDone = true
  }
  promise.then(done, done)
  while (!isDone) await run(clock, 10, 10)
  return promise
}
