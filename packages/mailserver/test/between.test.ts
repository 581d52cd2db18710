/** Sync, audit, export and import. */
import { concat, toHex } from '@status-protocol/bytes'
import { createMemoryArchive } from '@status-protocol/storage-memory'
import { mutate, seededRandom, virtualClock } from '@status-protocol/testkit'
import {
  decodeSyncRequest,
  decodeSyncResponse,
  type Envelope,
  encodeSyncResponse,
  envelopeFrom,
  envelopeHash,
  fullBloom,
  packetCodes,
  sentUnixSeconds,
  topicOfText,
} from '@status-protocol/whisper'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareArchives,
  createMailserver,
  createSyncClient,
  cursorOf,
  type EnvelopeArchive,
  exportArchive,
  importArchive,
  type MailPeer,
  MailserverError,
  readExport,
  repairArchives,
  type SyncPage,
  verifyArchive,
} from '../src/index.ts'

const T0 = 1_580_000_000
const RANGE = { fromUnixSeconds: 0, toUnixSeconds: 4_000_000_000 }

const letter = (i: number, topic = 'status'): Envelope =>
  envelopeFrom({
    expiryUnixSeconds: T0 + i * 700 + 15,
    ttlSeconds: 15,
    topic: topicOfText(topic),
    data: new Uint8Array(50 + (i % 20)).fill(i),
    nonce: BigInt(i),
  })
const letters = (count: number): Envelope[] => Array.from({ length: count }, (_, i) => letter(i))
const archiveOf = async (envelopes: readonly Envelope[]): Promise<EnvelopeArchive> => {
  const archive = createMemoryArchive()
  await archive.putBatch(envelopes)
  return archive
}
const hashesOf = async (archive: EnvelopeArchive): Promise<string[]> => {
  const found: string[] = []
  const query = { ...RANGE, limit: 1e6, match: { bloom: fullBloom() } }
  for await (const e of archive.query(query, new AbortController().signal)) found.push(toHex(envelopeHash(e)))
  return found
}
const inPieces = async function* (bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const exported = async (archive: EnvelopeArchive): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = []
  for await (const piece of exportArchive(archive)) pieces.push(piece)
  return concat(...pieces)
}

describe('audit', () => {
  it('property: repairing makes both the same, and copies what is missing and nothing else', async () => {
    const all = letters(300)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { minLength: 300, maxLength: 300 }), async (where) => {
        const here = await archiveOf(all.filter((_, i) => where[i] !== 0))
        const there = await archiveOf(all.filter((_, i) => where[i] !== 1))
        const repair = await repairArchives(here, there, RANGE)
        expect(repair.copiedHere).toBe(where.filter((w) => w === 0).length)
        expect(repair.copiedThere).toBe(where.filter((w) => w === 1).length)
        expect(await hashesOf(here)).toEqual(await hashesOf(there))
        expect((await repairArchives(here, there, RANGE)).differences).toBe(0)
      }),
      { numRuns: 20 },
    )
  })

  it('says where they differ, to the minute', async () => {
    const all = letters(200)
    const missing = all[77] as Envelope
    const differences = []
    const there = await archiveOf(all.filter((e) => e !== missing))
    const days: number[] = []
    const progress = (day: number) => void days.push(day)
    for await (const d of compareArchives(await archiveOf(all), there, { ...RANGE, progress }))
      differences.push(d)
    expect(days).toEqual([...new Set(all.map((e) => sentUnixSeconds(e) - (sentUnixSeconds(e) % 86_400)))])
    expect(differences).toHaveLength(1)
    const [d] = differences
    expect(d).toMatchObject({ here: 1, there: 0 })
    expect(sentUnixSeconds(missing)).toBeGreaterThanOrEqual(d?.fromUnixSeconds ?? Number.POSITIVE_INFINITY)
    expect(sentUnixSeconds(missing)).toBeLessThanOrEqual(d?.toUnixSeconds ?? 0)
    expect((d?.toUnixSeconds ?? 0) - (d?.fromUnixSeconds ?? 0)).toBeLessThan(3600)
  })

  it('in one direction, and of a part', async () => {
    const all = letters(20)
    const [here, there] = [await archiveOf(all.slice(0, 10)), await archiveOf(all.slice(5))]
    const range = { fromUnixSeconds: 0, toUnixSeconds: sentUnixSeconds(all[12] as Envelope) }
    expect(await repairArchives(here, there, { ...range, direction: 'here' })).toMatchObject({
      copiedHere: 3,
      copiedThere: 0,
    })
    expect(await hashesOf(there)).toHaveLength(15)
  })
})

describe('sync', () => {
  async function between(
    from: EnvelopeArchive,
    tamper: (body: Uint8Array) => readonly Uint8Array[] = (body) => [body],
  ) {
    const server = await createMailserver({ archive: from, password: 'x', limits: { requestBurst: 1000 } })
    const clock = virtualClock()
    const client = createSyncClient({ scheduler: clock })
    const peerId = new Uint8Array(64).fill(1)
    const toClient: MailPeer = {
      peerId: new Uint8Array(64).fill(2),
      maxPacketBytes: 2_000,
      async send(code, body) {
        expect(code).toBe(packetCodes.syncResponse)
        for (const b of tamper(body)) await client.syncResponse({ peerId }, decodeSyncResponse(b))
        return true
      },
    }
    const requests: Uint8Array[] = []
    const peer: MailPeer = {
      peerId,
      async send(code, body) {
        expect(code).toBe(packetCodes.syncRequest)
        requests.push(body)
        void server.mail.syncRequest(toClient, decodeSyncRequest(body))
        return true
      },
    }
    return { client, peer, clock, requests, toClient }
  }
  const run = async (pages: AsyncIterable<SyncPage>): Promise<SyncPage[]> => {
    const all: SyncPage[] = []
    for await (const page of pages) all.push(page)
    return all
  }

  it('everything, page by page; again, nothing is new', async () => {
    const all = letters(2500)
    const { client, peer, requests } = await between(await archiveOf(all))
    const archive = await archiveOf([])
    const pages = await run(client.sync(peer, { archive, ...RANGE, minPow: 0 }))
    expect(pages.map(({ stored }) => stored)).toEqual([1000, 1000, 500])
    expect(requests).toHaveLength(3)
    expect(await hashesOf(archive)).toHaveLength(2500)
    const again = await run(client.sync(peer, { archive, ...RANGE, minPow: 0 }))
    expect(again.map(({ stored, known }) => [stored, known])).toEqual([
      [0, 1000],
      [0, 1000],
      [0, 500],
    ])
  })

  it('goes on where it broke off', async () => {
    const all = letters(1500)
    const { client, peer } = await between(await archiveOf(all))
    const archive = await archiveOf([])
    let cursor: Uint8Array | undefined
    for await (const page of client.sync(peer, { archive, ...RANGE, minPow: 0 })) {
      cursor = page.cursor
      break
    }
    if (!cursor) throw new Error('expected a cursor')
    const rest = await run(client.sync(peer, { archive, ...RANGE, minPow: 0, after: cursor }))
    expect(rest.map(({ stored, known }) => [stored, known])).toEqual([[500, 0]])
  })

  it('takes nothing out of range or without work', async () => {
    const { client, peer } = await between(await archiveOf(letters(10)), (body) => {
      const response = decodeSyncResponse(body)
      const extra = response.final ? [] : [letter(999)]
      return [encodeSyncResponse({ ...response, envelopes: [...extra, ...response.envelopes] })]
    })
    const archive = await archiveOf([])
    const range = { fromUnixSeconds: 0, toUnixSeconds: T0 + 10_000 }
    const [page] = await run(client.sync(peer, { archive, ...range, minPow: 0 }))
    expect(page).toMatchObject({ stored: 10, refused: 1 })
    const strict = await archiveOf([])
    const [none] = await run(client.sync(peer, { archive: strict, ...range, minPow: 1e9 }))
    expect(none).toMatchObject({ stored: 0, refused: 11 })
  })

  it('takes nothing whose work is infinite, or that lives longer than any node carries', async () => {
    const living = (ttlSeconds: number, i: number): Envelope =>
      envelopeFrom({
        expiryUnixSeconds: T0 + ttlSeconds,
        ttlSeconds,
        topic: topicOfText('status'),
        data: new Uint8Array(1).fill(i),
        nonce: BigInt(i),
      })
    const all = [
      living(0, 1),
      living(86_401, 2),
      living(0xffff_ffff - T0, 3),
      living(1, 4),
      living(86_400, 5),
    ]
    for (const minPow of [0, Number.MIN_VALUE]) {
      const { client, peer } = await between(await archiveOf(all))
      const archive = await archiveOf([])
      const [page] = await run(client.sync(peer, { archive, ...RANGE, minPow }))
      expect(page).toMatchObject({ stored: 2, refused: 3, cursor: undefined })
      const kept = [living(1, 4), living(86_400, 5)].map((e) => toHex(envelopeHash(e)))
      expect((await hashesOf(archive)).sort()).toEqual(kept.sort())
    }
  })

  it('a refusal, a link that closes, silence and too much are told apart', async () => {
    const archive = await archiveOf([])
    const sync = async (tamper: (body: Uint8Array) => readonly Uint8Array[]) => {
      const { client, peer, clock } = await between(await archiveOf(letters(3)), tamper)
      const outcome = run(client.sync(peer, { archive, ...RANGE, minPow: 0 })).catch((e) => e)
      for (let i = 0; i < 40; i++) await clock.advance(1000)
      return outcome
    }
    const response = { envelopes: [], cursor: new Uint8Array(0), final: true, error: '' }
    const refused = await sync(() => [encodeSyncResponse({ ...response, error: 'no' })])
    expect(refused).toMatchObject({ code: 'refused', details: { text: 'no' } })
    expect(await sync(() => [])).toMatchObject({
      code: 'no-answer',
      details: { reason: 'no answer in time' },
    })
    const foreign = encodeSyncResponse({ ...response, cursor: new Uint8Array(36).fill(1) })
    expect(await sync(() => [foreign])).toMatchObject({ code: 'no-answer' })
    const flood = encodeSyncResponse({ ...response, final: false, envelopes: letters(600) })
    expect(await sync(() => [flood, flood])).toMatchObject({ code: 'no-answer' })

    const { client, peer, toClient } = await between(await archiveOf(letters(3)), () => [])
    const outcome = run(client.sync(peer, { archive, ...RANGE, minPow: 0 })).catch((e) => e)
    await toClient.send(packetCodes.syncResponse, encodeSyncResponse(response))
    client.disconnected(peer.peerId)
    expect(await outcome).toMatchObject({ code: 'no-answer', details: { reason: 'the link closed' } })
  })

  it('one whose pages stand still or go round is given up', async () => {
    const pages = [0, 1].map((at) => letters(20).slice(at * 10, at * 10 + 10))
    for (const order of [[0], [0, 1]]) {
      let asked = 0
      const { client, peer } = await between(await archiveOf(letters(3)), (body) => {
        if (!decodeSyncResponse(body).final) return []
        const envelopes = pages[order[asked++ % order.length] ?? 0] ?? []
        const cursor = asked > 50 ? new Uint8Array(0) : cursorOf(envelopes.at(-1) as Envelope)
        return [encodeSyncResponse({ envelopes, cursor, final: true, error: '' })]
      })
      const outcome = run(client.sync(peer, { archive: await archiveOf([]), ...RANGE, minPow: 0 }))
      await expect(outcome).rejects.toMatchObject({ code: 'no-answer' })
      expect(asked).toBe(order.length + 1)
    }
  })

  it('what nobody waits for does not hold up the link', async () => {
    const { client, peer } = await between(await archiveOf(letters(1500)))
    const archive = await archiveOf([])
    for await (const _ of client.sync(peer, { archive, ...RANGE, minPow: 0 })) break
    const late = { envelopes: letters(3), cursor: new Uint8Array(0), final: false, error: '' }
    await client.syncResponse({ peerId: peer.peerId }, late)
    await client.syncResponse({ peerId: new Uint8Array(64) }, late)
  })
})

describe('export and import', () => {
  it('give the same archive, in pieces of any size', async () => {
    const archive = await archiveOf(letters(50))
    const bytes = await exported(archive)
    for (const size of [1, 7, 1000, bytes.length]) {
      const copy = await archiveOf([])
      expect(await importArchive(copy, inPieces(bytes, size))).toEqual({ stored: 50, known: 0 })
      expect(await hashesOf(copy)).toEqual(await hashesOf(archive))
    }
    expect(await importArchive(archive, inPieces(bytes, 999))).toEqual({ stored: 0, known: 50 })
    expect(await exported(await archiveOf([]))).toHaveLength(15 + 4 + 1 + 33 + 1)
  })

  it('a part: of a time, of topics', async () => {
    const archive = await archiveOf([letter(1), letter(2, 'other'), letter(3), letter(90)])
    const pieces: Uint8Array[] = []
    const options = { topics: [topicOfText('status')], toUnixSeconds: T0 + 50 * 700 }
    for await (const piece of exportArchive(archive, options)) pieces.push(piece)
    const copy = await archiveOf([])
    expect(await importArchive(copy, inPieces(concat(...pieces), 64))).toEqual({ stored: 2, known: 0 })
    const some = await archiveOf([])
    await importArchive(some, inPieces(await exported(archive), 64), { topics: [topicOfText('other')] })
    expect(await hashesOf(some)).toEqual([toHex(envelopeHash(letter(2, 'other')))])
  })

  it('what is cut off, changed or something else is refused', async () => {
    const bytes = await exported(await archiveOf(letters(20)))
    const importing = (b: Uint8Array) =>
      importArchive(createMemoryArchive(), inPieces(b, 100)).catch((e) => e)
    for (let length = 0; length < bytes.length; length += 13)
      expect(await importing(bytes.subarray(0, length)), `${length} bytes`).toMatchObject({
        code: 'malformed-export',
      })
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] as number) ^ 1
      expect(await importing(changed), `byte ${at}`).toMatchObject({ code: 'malformed-export' })
    }
    expect(await importing(concat(bytes, Uint8Array.of(0)))).toMatchObject({ code: 'malformed-export' })
  })

  it('fuzz: an export may be anything', async () => {
    const bytes = await exported(await archiveOf(letters(3)))
    const count = Number(process.env.FUZZ_COUNT ?? 10_000)
    const random = seededRandom(4)
    for (let i = 0; i < count; i++)
      try {
        for await (const _ of readExport(inPieces(mutate(bytes, random), 64)));
      } catch (error) {
        if (!(error instanceof MailserverError)) throw error
      }
  })
})

describe('verify', () => {
  it('finds what does not belong', async () => {
    const all = letters(30)
    const archive = await archiveOf(all)
    expect((await verifyArchive(archive)).problems).toEqual([])
    const wrong: EnvelopeArchive = {
      ...archive,
      async *query() {
        yield* [...all.slice(0, 10), ...all.slice(5, 30)]
      },
    }
    const { problems } = await verifyArchive(wrong)
    expect(problems).toContain(`${toHex(cursorOf(all[5] as Envelope))}: out of order, or twice`)
    expect(problems.at(-1)).toMatch(/30 envelopes.*there are 35/)
  })
})
