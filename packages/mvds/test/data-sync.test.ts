import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { virtualClock } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import {
  createDataSync,
  type DataSyncOptions,
  decodePayload,
  encodePayload,
  MvdsError,
  oneToOneGroupId,
  type SyncEvent,
  syncGroupId,
} from '../src/index.ts'
import { NO_PAYLOAD, peer } from './harness.ts'

const [alice, bob] = [peer(1), peer(2)]
const bytes = (n: number) => Uint8Array.of(n)
const fromBob = (n: number) =>
  encodePayload({
    ...NO_PAYLOAD,
    messages: [{ groupId: oneToOneGroupId(alice, bob), timestampSeconds: BigInt(n), body: bytes(n) }],
  })

function start(options: Partial<DataSyncOptions> = {}) {
  const clock = virtualClock(1_599_999_999_900)
  const sent: Uint8Array[] = []
  const storage = options.storage ?? createMemoryStorage()
  const sync = createDataSync({
    self: alice,
    storage,
    clock,
    timer: (delayMs, task) => clock.schedule(delayMs, task),
    send: (_to, payload) => void sent.push(payload),
    ...options,
  })
  return { clock, sent, storage, sync }
}

async function take(events: AsyncIterable<SyncEvent>, count: number): Promise<SyncEvent[]> {
  const taken: SyncEvent[] = []
  for await (const event of events) {
    taken.push(event)
    if (taken.length === count) break
  }
  return taken
}

describe('createDataSync', () => {
  it('sends what is appended within one epoch together', async () => {
    const { clock, sent, sync } = start()
    const groupId = await sync.join(bob)
    for (let n = 0; n < 3; n++) await sync.append(groupId, bytes(n))
    expect(sent).toEqual([])
    await clock.advance(300)
    const [payload] = sent.map((p) => decodePayload(p))
    expect(sent).toHaveLength(1)
    expect(payload?.ok && payload.payload.messages.map(({ body }) => body)).toEqual([
      bytes(0),
      bytes(1),
      bytes(2),
    ])
  })

  it('tells what is no data sync, and leaves it to the next layer', async () => {
    const { sync } = start()
    expect(await sync.receive(bob, new Uint8Array(0))).toEqual({ ok: false, reason: 'empty' })
    expect(await sync.receive(bob, Uint8Array.of(1, 2, 3))).toEqual({ ok: false, reason: 'malformed' })
    expect(await sync.receive(bob, new Uint8Array(2_000_000))).toEqual({ ok: false, reason: 'too-large' })
    expect(await sync.receive(bob, fromBob(1))).toEqual({ ok: true, delivered: 1, refused: 0 })
    expect(await sync.receive(peer(3), fromBob(2))).toEqual({ ok: true, delivered: 0, refused: 1 })
  })

  it('goes on after a restart with what was waiting', async () => {
    const first = start()
    await first.sync.append(await first.sync.join(bob), bytes(1))
    await first.sync.close()
    const second = start({ storage: first.storage })
    await second.clock.advance(1_000)
    expect(second.sent).toHaveLength(1)
  })

  it('gives an event again that was not taken', async () => {
    const first = start()
    await first.sync.receive(bob, fromBob(1))
    await first.sync.receive(bob, fromBob(2))
    expect(await take(first.sync.events(), 1)).toMatchObject([
      { type: 'delivered', message: { body: bytes(1) } },
    ])
    await first.sync.close()
    const second = start({ storage: first.storage })
    const again = await take(second.sync.events(), 2)
    expect(again).toMatchObject([{ message: { body: bytes(1) } }, { message: { body: bytes(2) } }])
    expect(again).toEqual([
      expect.objectContaining({ type: 'delivered', from: bob }),
      expect.objectContaining({ type: 'delivered', from: bob }),
    ])
  })

  it('refuses payloads while too many events wait', async () => {
    const { sync } = start({ maxEvents: 2 })
    const reader = sync.events()[Symbol.asyncIterator]()
    for (const n of [1, 2]) expect(await sync.receive(bob, fromBob(n))).toMatchObject({ ok: true })
    expect(await sync.receive(bob, fromBob(3))).toEqual({ ok: false, reason: 'events-full' })
    await reader.next()
    await reader.next()
    expect(await sync.receive(bob, fromBob(3))).toMatchObject({ ok: true, delivered: 1 })
  })

  it('events end when it is closed and all are taken', async () => {
    const { sync } = start()
    await sync.receive(bob, fromBob(1))
    await sync.close()
    expect(await take(sync.events(), 5)).toHaveLength(1)
    await expect(sync.append(oneToOneGroupId(alice, bob), bytes(1))).rejects.toMatchObject({ code: 'closed' })
    await expect(sync.receive(bob, fromBob(1))).rejects.toMatchObject({ code: 'closed' })
  })

  it('wakes a reader that waits when it is closed', async () => {
    const { sync } = start()
    const reading = take(sync.events(), 1)
    await sync.close()
    expect(await reading).toEqual([])
  })

  it('waits for a slow send before the next epoch', async () => {
    let sends = 0
    let release = (): void => {}
    const slow = () => {
      sends++
      return new Promise<void>((resolve) => {
        release = resolve
      })
    }
    const { clock, sync } = start({ send: slow })
    const groupId = await sync.join(bob)
    await sync.append(groupId, bytes(1))
    await clock.advance(300)
    await sync.append(groupId, bytes(2))
    await clock.advance(5_000)
    expect(sends).toBe(1)
    release()
    await clock.advance(300)
    expect(sends).toBe(2)
  })

  it('and not for ever', async () => {
    let sends = 0
    const hanging = () => {
      sends++
      return new Promise<void>(() => {})
    }
    const { clock, sync } = start({ send: hanging })
    await sync.append(await sync.join(bob), bytes(1))
    for (let i = 0; i < 100; i++) await clock.advance(1_000)
    expect(sends).toBeGreaterThan(2)
    await sync.close()
  })

  it('a store that cannot be opened at first is opened later, and no event is overwritten', async () => {
    const first = start()
    await first.sync.receive(bob, fromBob(1))
    await first.sync.close()
    let isBroken = true
    const storage: Storage = {
      ...first.storage,
      range: (...args) => {
        if (isBroken) throw new Error('locked')
        return first.storage.range(...args)
      },
    }
    const { sync } = start({ storage })
    await expect(sync.receive(bob, fromBob(2))).rejects.toThrow('locked')
    isBroken = false
    await sync.receive(bob, fromBob(2))
    expect(await take(sync.events(), 2)).toMatchObject([
      { message: { body: bytes(1) } },
      { message: { body: bytes(2) } },
    ])
  })

  it('a send that fails is a loss like any other', async () => {
    const errors: unknown[] = []
    let sends = 0
    const failing = () => {
      sends++
      throw new Error('no network')
    }
    const { clock, sync } = start({ send: failing, onError: (error) => errors.push(error) })
    await sync.append(await sync.join(bob), bytes(1))
    await clock.advance(60_000)
    expect(sends).toBeGreaterThan(2)
    expect(errors).toHaveLength(sends)
  })

  it('a store that fails is told, tried again, and nothing goes out uncommitted', async () => {
    const memory = createMemoryStorage()
    let isBroken = false
    const storage: Storage = {
      ...memory,
      commit: (changes) => (isBroken ? Promise.reject(new Error('disk full')) : memory.commit(changes)),
    }
    const errors: unknown[] = []
    const { clock, sent, sync } = start({ storage, onError: (error) => errors.push(error) })
    const groupId = await sync.join(bob)
    await sync.append(groupId, bytes(1))
    isBroken = true
    await expect(sync.append(groupId, bytes(2))).rejects.toThrow('disk full')
    await clock.advance(5_000)
    expect(sent).toEqual([])
    expect(errors.length).toBeGreaterThan(2)
    isBroken = false
    await clock.advance(2_000)
    expect(sent).toHaveLength(1)
  })

  it('names what is wrong with arguments', async () => {
    const { sync } = start({ maxRecordsPerPeer: 2, maxPeersPerGroup: 2 })
    const groupId = syncGroupId(new Uint8Array(32))
    await expect(sync.append(groupId, bytes(1))).rejects.toMatchObject({ code: 'unknown-group' })
    await sync.addPeer(groupId, bob)
    await sync.addPeer(groupId, bob)
    await sync.addPeer(groupId, peer(3))
    await expect(sync.addPeer(groupId, peer(4))).rejects.toMatchObject({ code: 'group-full' })
    await sync.removePeer(groupId, peer(3))
    await sync.addPeer(groupId, peer(4))
    for (let n = 0; n < 2; n++) await sync.append(groupId, bytes(n))
    await expect(sync.append(groupId, bytes(2))).rejects.toMatchObject({ code: 'queue-full' })
    await expect(sync.append(groupId, new Uint8Array(1024 * 1024))).rejects.toMatchObject({
      code: 'body-too-large',
    })
    await expect(sync.join(new Uint8Array(64))).rejects.toThrow(/65 bytes/)
    await expect(sync.receive(new Uint8Array(3), fromBob(1))).rejects.toThrow(/65 bytes/)
    expect(() => start({ self: new Uint8Array(33) })).toThrow(/self/)
    expect(() => start({ maxSends: 0 })).toThrow(MvdsError)
  })
})
