/** An archive that fails for a while: what came meanwhile is in it afterwards, and nothing was confirmed too soon. */
import { toHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { createMemoryArchive } from '@status-protocol/storage-memory'
import { virtualClock } from '@status-protocol/testkit'
import { createWhisper, type Envelope, envelopeFrom, topicOfText } from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import { describe, expect, it } from 'vitest'
import { Backlog } from '../src/backlog.ts'
import { createMailserver, type MailserverEvent } from '../src/index.ts'

const T0 = 1_580_000_000
const letter = (i: number, bytes = 100): Envelope =>
  envelopeFrom({
    expiryUnixSeconds: T0 + 15,
    ttlSeconds: 15,
    topic: topicOfText('status'),
    data: new Uint8Array(bytes).fill(i),
    nonce: BigInt(i),
  })
const letters = (count: number, bytes?: number): Envelope[] =>
  Array.from({ length: count }, (_, i) => letter(i, bytes))

/** Takes nothing as long as `fails` is set. */
function archiveThatFails() {
  const archive = createMemoryArchive()
  const state = { fails: false, tries: 0 }
  return {
    state,
    archive: {
      ...archive,
      async putBatch(envelopes: readonly Envelope[]) {
        state.tries++
        if (state.fails) throw new Error('disk full')
        return archive.putBatch(envelopes)
      },
    },
  }
}

describe('an archive that fails for a while', () => {
  it('has everything afterwards, what peers sent and what the node posted; nothing is confirmed before', async () => {
    const clock = virtualClock(T0 * 1000)
    const { archive, state } = archiveThatFails()
    const events: MailserverEvent[] = []
    const server = await createMailserver({
      ...{ archive, password: 'x', clock, scheduler: clock },
      log: (event) => void events.push(event),
    })
    const { beforeConfirm, posted, mail } = server
    const relay = createWhisper({ clock, scheduler: clock, beforeConfirm, posted, mail, minPow: 0 })
    const alice = createWhisper({ clock, scheduler: clock, minPow: 0 })
    const link = createMemoryLinkPair()
    void relay.attach(link.a)
    void alice.attach(link.b)
    await clock.advance(100)
    const confirmed: string[] = []
    void (async () => {
      for await (const { state: is, hash } of alice.service.status())
        if (is === 'confirmed') confirmed.push(toHex(hash))
    })()
    const letterOf = (i: number) => ({
      ...{ to: { symKey: new Uint8Array(32).fill(1) }, topic: topicOfText('status') },
      ...{ payload: Uint8Array.of(i), powTarget: 0, ttlSeconds: 20 },
    })
    state.fails = true
    for (let i = 0; i < 20; i++) {
      await alice.service.post(letterOf(i))
      await relay.service.post(letterOf(100 + i))
      await clock.advance(500)
    }
    await clock.advance(120_000) // all have expired, and left the pool
    expect(relay.stats().poolEnvelopes).toBe(0)
    expect(await archive.size()).toMatchObject({ envelopes: 0 })
    expect(server.waiting.envelopes).toBe(40)
    expect(confirmed).toEqual([])
    expect(state.tries, 'further and further apart').toBeLessThan(80)

    state.fails = false
    await clock.advance(60_000)
    expect(await archive.size()).toMatchObject({ envelopes: 40 })
    expect(server.waiting).toEqual({ envelopes: 0, bytes: 0 })
    expect(events.filter(({ type }) => type === 'lost')).toEqual([])
    expect(confirmed, 'what peers were not told in time they sent elsewhere').toEqual([])
    await Promise.all([relay.close(), alice.close(), server.close()])
  })

  it('tries what waits once more at the end', async () => {
    const clock = virtualClock(T0 * 1000)
    const { archive, state } = archiveThatFails()
    const server = await createMailserver({ archive, password: 'x', clock, scheduler: clock })
    server.posted(letter(1))
    state.fails = true
    await expect(server.beforeConfirm(letters(5))).rejects.toThrow('disk full')
    state.fails = false
    await server.close()
    await clock.advance(60_000)
    expect(await archive.size(), 'nothing happens behind the back of who closed it').toMatchObject({
      envelopes: 0,
    })
    await server.flush()
    expect(await archive.size()).toMatchObject({ envelopes: 5 })
  })
})

describe('what waits for the archive', () => {
  const backlog = (put: (envelopes: readonly Envelope[]) => Promise<unknown>) => {
    const clock = virtualClock(T0 * 1000)
    const lost: number[] = []
    const waiting = new Backlog({
      ...{ put, clock, scheduler: clock, crypto: defaultProvider },
      lost: (envelopes) => void lost.push(envelopes),
    })
    return { waiting, clock, lost }
  }
  const full = () => Promise.reject(new Error('disk full'))

  it('is bounded by bytes; what has no room is counted', () => {
    const { waiting, lost } = backlog(full)
    for (let i = 0; i < 70; i++) waiting.add([letter(i, 1_000_000)], { failed: true })
    expect(waiting.size.envelopes).toBe(67)
    expect(waiting.size.bytes).toBeLessThanOrEqual(64 * 1024 * 1024)
    expect(lost).toEqual([1, 1, 1])
  })

  it('is there once, however often it came, and is given up a day after its expiry', async () => {
    const { waiting, clock, lost } = backlog(full)
    for (let i = 0; i < 3; i++) waiting.add(letters(4), { failed: true })
    expect(waiting.size.envelopes).toBe(4)
    await clock.advance(86_400_000 - 60_000)
    expect(waiting.size.envelopes).toBe(4)
    await clock.advance(180_000)
    expect(waiting.size).toEqual({ envelopes: 0, bytes: 0 })
    expect(lost).toEqual([4])
  })

  it('an envelope that is never taken keeps no others out', async () => {
    const all = letters(40)
    const kept = new Set<Envelope>()
    const { waiting, clock } = backlog(async (some) => {
      if (some.includes(all[7] as Envelope)) throw new Error('no')
      for (const envelope of some) kept.add(envelope)
    })
    waiting.add(all)
    await clock.advance(1_800_000)
    expect(kept.size).toBe(39)
    expect(waiting.size.envelopes).toBe(1)
  })
})
