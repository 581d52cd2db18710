/**
 * Data sync: codec, messages through a pair of nodes, and what an epoch costs with 10,000 outstanding records over 500
 * peers, in memory. An epoch should cost what is due in it, not what is outstanding.
 *
 *   pnpm bench mvds
 */
import {
  append,
  boundedSchedule,
  decodePayload,
  encodePayload,
  epoch,
  loadAppend,
  loadEpoch,
  loadReceive,
  newMessage,
  oneToOneGroupId,
  receive,
  resolveOptions,
  type SyncOptions,
  storageReads,
} from '@status-protocol/mvds'
import { createMemoryStorage } from '@status-protocol/storage-memory'

const RECORDS = 10_000
const PEERS = 500
const BODY = new Uint8Array(500).fill(7)
const START_MS = 1_599_999_999_900

const peer = (n: number): Uint8Array => {
  const key = new Uint8Array(65).fill(n & 255).fill(4, 0, 1)
  key[1] = n >> 8
  return key
}

function line(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(66)} ${value.toFixed(value < 100 ? 2 : 0).padStart(10)} ${unit}`)
}

function perSecond(what: string, run: () => void, forMs = 500): void {
  for (let i = 0; i < 100; i++) run()
  const start = performance.now()
  let count = 0
  while (performance.now() - start < forMs) {
    for (let i = 0; i < 50; i++) run()
    count += 50
  }
  line(what, (count / (performance.now() - start)) * 1000, '/s')
}

function createNode(self: Uint8Array, syncOptions: SyncOptions = {}) {
  const storage = createMemoryStorage()
  const reads = storageReads(storage)
  const options = resolveOptions(syncOptions)
  const at = (nowMs: number) => ({ self, nowMs, options })
  return {
    async append(to: Uint8Array, body: Uint8Array, nowMs: number): Promise<void> {
      const message = newMessage({ groupId: oneToOneGroupId(self, to), body }, at(nowMs))
      const input = { message, to: [to] }
      const result = append(await loadAppend(reads, input), input, at(nowMs))
      if (!result.ok) throw new Error(result.reason)
      await storage.commit(result.changes)
    },
    async epoch(nowMs: number): Promise<readonly Uint8Array[]> {
      const { changes, outputs } = epoch(await loadEpoch(reads, at(nowMs)), at(nowMs))
      await storage.commit(changes)
      return outputs.flatMap((o) => (o.type === 'send' ? [o.payload] : []))
    },
    async receive(from: Uint8Array, bytes: Uint8Array, nowMs: number): Promise<number> {
      const decoded = decodePayload(bytes)
      if (!decoded.ok) throw new Error(decoded.reason)
      const input = { from, payload: decoded.payload }
      const { changes, outputs } = receive(await loadReceive(reads, input, at(nowMs)), input, at(nowMs))
      await storage.commit(changes)
      return outputs.filter(({ type }) => type === 'deliver').length
    },
  }
}

/** Different bodies: the same one in the same second is the same message. */
function bodyOf(n: number): Uint8Array {
  const body = BODY.slice()
  new DataView(body.buffer).setUint32(0, n)
  return body
}

console.log('codec, one message of 500 bytes')
const content = { groupId: new Uint8Array(32), timestampSeconds: 1_600_000_000n, body: BODY }
const payload = { acks: [new Uint8Array(32)], offers: [], requests: [], messages: [content] }
const encoded = encodePayload(payload)
perSecond('  payloads encoded', () => void encodePayload(payload))
perSecond('  payloads decoded', () => void decodePayload(encoded))

console.log('\na pair of nodes: append, epoch, receive, epoch, ack')
{
  const [alice, bob] = [peer(1), peer(2)]
  const [a, b] = [createNode(alice), createNode(bob)]
  const rounds = 1_000
  let nowMs = START_MS
  const roundTrips = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await a.append(bob, bodyOf(nowMs), nowMs)
      nowMs += 300
      for (const bytes of await a.epoch(nowMs)) await b.receive(alice, bytes, nowMs)
      nowMs += 300
      for (const bytes of await b.epoch(nowMs)) await a.receive(bob, bytes, nowMs)
    }
  }
  await roundTrips(200)
  const start = performance.now()
  await roundTrips(rounds)
  const seconds = (performance.now() - start) / 1000
  line('  messages there, acks back', rounds / seconds, '/s')
  line('  payloads', (2 * rounds) / seconds, '/s')
}

console.log(`\n${RECORDS} outstanding records over ${PEERS} peers`)
{
  // None of the outstanding ones comes again while this runs.
  const schedule = boundedSchedule({ firstDelayMs: 3_600_000 })
  const node = createNode(peer(9_999), { maxRecordsPerEpoch: RECORDS, schedule })
  let [nowMs, appended] = [START_MS, 0]
  const appendSome = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) await node.append(peer(n % PEERS), bodyOf(appended++), nowMs)
  }
  const timedEpoch = async (): Promise<{ readonly ms: number; readonly payloads: number }> => {
    nowMs += 300
    const start = performance.now()
    const { length } = await node.epoch(nowMs)
    return { ms: performance.now() - start, payloads: length }
  }

  const begin = performance.now()
  await appendSome(RECORDS)
  line('  append', (RECORDS / (performance.now() - begin)) * 1000, '/s')
  // One epoch takes some megabytes of bodies; the rest follows in the next.
  const epochs = [await timedEpoch()]
  while ((epochs.at(-1)?.payloads ?? 0) > 0) epochs.push(await timedEpoch())
  const [ms, payloads] = [
    epochs.reduce((sum, e) => sum + e.ms, 0),
    epochs.reduce((sum, e) => sum + e.payloads, 0),
  ]
  line(`  all of them due at once (${payloads} payloads in ${epochs.length - 1} epochs)`, ms, 'ms')
  line('    a due record', (ms / RECORDS) * 1000, 'us')
  for (const due of [0, 1, 10, 100]) {
    const times: number[] = []
    for (let i = 0; i < 21; i++) {
      await appendSome(due)
      times.push((await timedEpoch()).ms)
    }
    line(`  epoch with ${due} due`, median(times), 'ms')
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number
}
