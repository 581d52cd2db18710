// Two messengers and a relay, three devp2p hosts in one process over real TCP on loopback.
//   node --conditions=@status-protocol/source --import tsx bench/messenger.ts [stored, default 100000] [passing through, 10000]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { to0xHex } from '@status-protocol/bytes'
import { defaultProvider as crypto, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createMessenger, type Messenger, type MessengerEvent } from '@status-protocol/messenger'
import { createHost, type Host } from '@status-protocol/p2p-devp2p'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { createSqliteStorage } from '@status-protocol/storage-sqlite'
import { createWhisper, type Whisper } from '@status-protocol/whisper'

const STORED = Number(process.argv[2] ?? 100_000)
const PASSING = Number(process.argv[3] ?? 10_000)
/** What the issue of this benchmark asks for. Of memory: what is kept for each message that has passed through. */
const GOALS = { p50Ms: 150, startMs: 1_000, heapBytesPerMessage: 200 }

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

interface Party {
  readonly messenger: Messenger
  readonly whisper: Whisper
  readonly host: Host
  readonly id: string
  readonly commits: { count: number }
}

const newKey = (): Uint8Array => generatePrivateKey(crypto, systemRandom)

const relayNode = createWhisper()
const relay = await createHost({
  nodeKey: newKey(),
  listen: '127.0.0.1:0',
  subprotocols: [relayNode.subprotocol],
})

async function party(
  store: Storage = createMemoryStorage(),
  privateKey: Uint8Array = newKey(),
): Promise<Party> {
  const commits = { count: 0 }
  const storage: Storage = {
    get: (table, key) => store.get(table, key),
    range: (...args) => store.range(...args),
    commit(changes) {
      commits.count++
      return store.commit(changes)
    },
  }
  const publicKey = crypto.publicKey(privateKey)
  const whisper = createWhisper()
  const host = await createHost({
    nodeKey: newKey(),
    subprotocols: [whisper.subprotocol],
    peers: [relay.enode],
  })
  const account = { chatKey: { privateKey, publicKey } }
  // In public one person says here in a second what takes them minutes elsewhere.
  const options = { publicPerMinute: 1_000_000 }
  const messenger = await createMessenger({ account, storage, whisper: whisper.service, ...options })
  while (whisper.peers().length === 0) await pause(5)
  return { messenger, whisper, host, id: to0xHex(publicKey), commits }
}

async function stop({ messenger, whisper, host }: Party): Promise<void> {
  await messenger.close()
  await whisper.close()
  await host.close()
}

let isGood = true
await latency('memory', createMemoryStorage(), createMemoryStorage())
await throughput('memory', createMemoryStorage(), createMemoryStorage())
const directory = mkdtempSync(join(tmpdir(), 'status-bench-'))
try {
  const sqlite = (name: string) =>
    createSqliteStorage({ directory: join(directory, name), key: new Uint8Array(32).fill(7) })
  const stores = [await sqlite('a'), await sqlite('b')] as const
  await latency('SQLite, encrypted, on disk', ...stores)
  await throughput('SQLite, encrypted, on disk', ...stores)
  for (const store of stores) await store.close()
} finally {
  rmSync(directory, { recursive: true, force: true })
}
await passThrough()
await startUp()
await relay.close()
await relayNode.close()
process.exit(isGood ? 0 : 1)

/** One message after the other, each when the one before was acknowledged and a while has passed, as people write. */
async function latency(what: string, a: Storage, b: Storage): Promise<void> {
  const [alice, bob] = [await party(a), await party(b)]
  await exchange(alice, bob, 'warm up', 0)
  await exchange(bob, alice, 'warm up', 0)
  const [toReceived, toDelivered]: [number[], number[]] = [[], []]
  for (let i = 0; i < 60; i++) {
    const { receivedMs, deliveredMs } = await exchange(alice, bob, `message ${i}`, Math.random() * 120)
    toReceived.push(receivedMs)
    toDelivered.push(deliveredMs)
  }
  console.log(`private messages one by one, ${what}`)
  console.log(`  send to received     p50 ${at(toReceived, 0.5)} ms, p95 ${at(toReceived, 0.95)} ms`)
  console.log(`  send to delivered    p50 ${at(toDelivered, 0.5)} ms, p95 ${at(toDelivered, 0.95)} ms`)
  if (at(toReceived, 0.5) >= GOALS.p50Ms) isGood = false
  await stop(alice)
  await stop(bob)
}

async function exchange(from: Party, to: Party, text: string, afterMs: number) {
  await pause(afterMs)
  const received = firstOf(to, (event) => event.type === 'message' && event.message.text === text)
  let id = ''
  const delivered = firstOf(
    from,
    (event) => event.type === 'delivery' && event.messageId === id && event.state === 'delivered',
  )
  const start = performance.now()
  id = (await from.messenger.send(to.id, text)).id
  return { receivedMs: (await received) - start, deliveredMs: (await delivered) - start }
}

/** When the event came. */
async function firstOf({ messenger }: Party, isIt: (event: MessengerEvent) => boolean): Promise<number> {
  for await (const event of messenger.events()) if (isIt(event)) return performance.now()
  throw new Error('the messenger was closed')
}

/** As many as go, 500 at a time, private and public. */
async function throughput(what: string, a: Storage, b: Storage): Promise<void> {
  const [alice, bob] = [await party(a), await party(b)]
  for (const p of [alice, bob]) await p.messenger.join('#bench')
  await exchange(alice, bob, 'hello', 0)
  await exchange(bob, alice, 'hello', 0)
  for (const [kind, chat] of [
    ['private', bob.id],
    ['public', '#bench'],
  ] as const) {
    const count = 1_000
    const before = { alice: alice.commits.count, bob: bob.commits.count }
    const start = performance.now()
    const cpu = process.cpuUsage()
    const all = heard(bob, kind, count)
    let acceptedMs = 0
    for (let i = 0; i < count; i += 500) {
      if (i > 0) await heardSoFar(bob, chat === '#bench' ? chat : alice.id, i, kind)
      const begin = performance.now()
      await Promise.all(Array.from({ length: 500 }, (_, j) => alice.messenger.send(chat, `${kind} ${i + j}`)))
      acceptedMs += performance.now() - begin
    }
    await all
    const seconds = (performance.now() - start) / 1000
    const { user, system } = process.cpuUsage(cpu)
    const commits = alice.commits.count - before.alice + bob.commits.count - before.bob
    console.log(`${kind} messages in bulk, ${what}`)
    console.log(
      `  ${rate(count, seconds)} received, ${rate(count, acceptedMs / 1000)} accepted and durable, ${Math.round((user + system) / count)} us of CPU each for both sides and the relay`,
    )
    console.log(`  ${commits} commits by both: what waits shares one`)
  }
  await stop(alice)
  await stop(bob)
}

async function heard({ messenger }: Party, prefix: string, count: number): Promise<void> {
  let left = count
  for await (const event of messenger.events())
    if (event.type === 'message' && event.message.text.startsWith(prefix) && --left === 0) return
}

async function heardSoFar({ messenger }: Party, chat: string, count: number, prefix: string): Promise<void> {
  for (;;) {
    const found = await messenger.messages(chat, { limit: 1000 }).catch(() => [])
    if (found.filter(({ text }) => text.startsWith(prefix)).length >= count) return
    await pause(20)
  }
}

/** Many messages pass through two messengers whose stores are on disk: what is left of them in memory. */
async function passThrough(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'status-bench-'))
  const open = (name: string) =>
    createSqliteStorage({ directory: join(directory, name), key: new Uint8Array(32).fill(7) })
  const stores = [await open('a'), await open('b')] as const
  try {
    const [alice, bob] = [await party(stores[0]), await party(stores[1])]
    await exchange(alice, bob, 'hello', 0)
    await exchange(bob, alice, 'hello', 0)
    const settled = async (): Promise<number> => {
      await pause(2_000)
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    let passed = 0
    void (async () => {
      for await (const event of bob.messenger.events()) if (event.type === 'message') passed++
    })()
    const pass = async (count: number): Promise<void> => {
      const goal = passed + count
      for (let sent = 0; sent < count; sent += 250) {
        while (goal - count + sent - passed > 250) await pause(5)
        const say = (i: number): Promise<unknown> =>
          alice.messenger.send(bob.id, `pass ${sent + i}`).catch(async (error: { code?: string }) => {
            if (error.code !== 'outbox-full') throw error
            await pause(50) // acknowledgements are on their way
            return say(i)
          })
        await Promise.all(Array.from({ length: 250 }, (_, i) => say(i)))
      }
      while (passed < goal) await pause(5)
    }
    await pass(2_000) // events, ids that are remembered and pools are as full as they get
    const before = await settled()
    await pass(PASSING)
    const grown = (await settled()) - before
    const { rss } = process.memoryUsage()
    console.log(
      `${PASSING} private messages passing through: heap ${(grown / 2 ** 20).toFixed(1)} MiB more on both sides together, ${(before / 2 ** 20).toFixed(1)} MiB before; resident ${(rss / 2 ** 20).toFixed(1)} MiB`,
    )
    if (grown / PASSING > GOALS.heapBytesPerMessage) isGood = false
    await stop(alice)
    await stop(bob)
  } finally {
    for (const store of stores) await store.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** A store with many messages: how long a start takes, what is in memory then. */
async function startUp(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'status-bench-'))
  const open = () => createSqliteStorage({ directory, key: new Uint8Array(32).fill(7) })
  try {
    const privateKey = newKey()
    const store = await open()
    const filler = await createMessenger({
      account: { chatKey: { privateKey, publicKey: crypto.publicKey(privateKey) } },
      storage: store,
      whisper: silent(),
    })
    for (let i = 0; i < 20; i++) await filler.join(`#chat${i}`)
    for (let i = 0; i < 10; i++) await filler.join(to0xHex(crypto.publicKey(newKey())))
    const begin = performance.now()
    // The outbox is bounded: the others are copies of one message under other ids, as if they had been received.
    await filler.send('#chat0', 'the first of many')
    await filler.close()
    await copies(store, STORED)
    console.log(`${STORED} messages stored in ${((performance.now() - begin) / 1000).toFixed(1)} s`)
    await store.close()

    const again = await open()
    collectGarbage()
    const memory = process.memoryUsage()
    const start = performance.now()
    const messenger = await createMessenger({
      account: { chatKey: { privateKey, publicKey: crypto.publicKey(privateKey) } },
      storage: again,
      whisper: silent(),
    })
    const page = await messenger.messages('#chat0')
    const tookMs = performance.now() - start
    collectGarbage()
    const used = process.memoryUsage()
    const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1)
    console.log(
      `start with ${STORED} messages, 20 public chats and 10 people, to the newest ${page.length}: ${tookMs.toFixed(0)} ms`,
    )
    console.log(`  heap +${mib(used.heapUsed - memory.heapUsed)} MiB, resident ${mib(used.rss)} MiB`)
    if (tookMs >= GOALS.startMs) isGood = false
    await messenger.close()
    await again.close()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Copies of the one message that is stored, with other clocks and ids. */
async function copies(store: Storage, count: number): Promise<void> {
  const all = [new Uint8Array(0), new Uint8Array(200).fill(255), 1] as const
  for await (const [key, value] of store.range('message', ...all))
    for (let i = 0; i < count; i += 1_000)
      await store.commit(
        Array.from({ length: 1_000 }, (_, j) => {
          const other = key.slice()
          new DataView(other.buffer).setUint32(other.length - 32, i + j)
          return [
            { put: ['message', other, value] as const },
            { put: ['message-key', other.subarray(-32), other] as const },
          ]
        }).flat(),
      )
}

/** A Whisper node without peers. */
function silent() {
  return createWhisper().service
}

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)
}

function rate(count: number, seconds: number): string {
  return `${Math.round(count / seconds).toLocaleString('en')}/s`
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
