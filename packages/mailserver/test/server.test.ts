import { toHex } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey } from '@status-protocol/crypto'
import { createMemoryArchive } from '@status-protocol/storage-memory'
import { fuzz, seededRandom, virtualClock } from '@status-protocol/testkit'
import {
  bloomOfTopics,
  createWhisper,
  decodeSyncResponse,
  type Envelope,
  encodeHistoryRequest,
  envelopeFrom,
  envelopeHash,
  fullBloom,
  packetCodes,
  publicChat,
  seal,
  symmetricKeyFromPassword,
  topicOfText,
} from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  createMailserver,
  decodeMailRequest,
  type EnvelopeArchive,
  encodeMailRequest,
  formOf,
  type MailRequest,
  MailserverError,
  type MailserverEvent,
  type MailserverOptions,
} from '../src/index.ts'
import { recordingPeer } from './support/peer.ts'

const PASSWORD = 'status-offline-inbox'
const T0 = 1_580_000_000
const random = seededRandom(8)
const signer = generatePrivateKey(defaultProvider, random)
let symmetricKey: Uint8Array
beforeAll(async () => {
  symmetricKey = await symmetricKeyFromPassword(PASSWORD)
})

const letter = (i: number, topic = 'status', bytes = 100): Envelope =>
  envelopeFrom({
    expiryUnixSeconds: T0 + i + 15,
    ttlSeconds: 15,
    topic: topicOfText(topic),
    data: new Uint8Array(bytes).fill(i),
    nonce: BigInt(i),
  })
const letters = (count: number): Envelope[] => Array.from({ length: count }, (_, i) => letter(i))

const everything: MailRequest = {
  lowerUnixSeconds: T0,
  upperUnixSeconds: T0 + 86_400,
  bloom: fullBloom(),
  topics: [],
  limit: 0,
  cursor: new Uint8Array(0),
  batch: true,
}

const ask = async (payload: Uint8Array) => ({
  type: 'envelope' as const,
  envelope: await seal(payload, {
    to: { topic: topicOfText('mail'), symmetricKey },
    signer,
    ttlSeconds: 1,
    powTarget: 0.002,
    nowUnixSeconds: T0,
  }),
})

const plain = (
  request: Partial<Record<'from' | 'to' | 'limit', number>> & {
    bloom?: Uint8Array
    cursor?: Uint8Array
  } = {},
) => ({
  type: 'plain' as const,
  request: {
    id: new Uint8Array(32).fill(9),
    fromUnixSeconds: request.from ?? 0,
    toUnixSeconds: request.to ?? 4e9,
    limit: request.limit ?? 0,
    cursor: request.cursor ?? new Uint8Array(0),
    bloom: request.bloom ?? fullBloom(),
  },
})

async function server(options: Partial<MailserverOptions> = {}, envelopes: readonly Envelope[] = []) {
  const archive = options.archive ?? createMemoryArchive()
  await archive.putBatch(envelopes)
  const events: MailserverEvent[] = []
  const mailserver = await createMailserver({
    archive,
    password: PASSWORD,
    log: (event) => void events.push(event),
    ...options,
  })
  return { archive, mailserver, events }
}

describe('requests for history', () => {
  it('a request of either generation, and of the oldest, is answered', async () => {
    const { mailserver } = await server({}, letters(5))
    const raw = new Uint8Array(8)
    new DataView(raw.buffer).setUint32(0, T0)
    new DataView(raw.buffer).setUint32(4, T0 + 86_400)
    for (const payload of [
      encodeMailRequest(everything, 'v036'),
      encodeMailRequest({ ...everything, topics: [topicOfText('status')] }, 'v055'),
      raw,
    ]) {
      const peer = recordingPeer()
      await mailserver.mail.request(peer, await ask(payload))
      await peer.waitFor(packetCodes.requestComplete)
      expect(peer.batches().flat()).toEqual(letters(5).map((e) => toHex(envelopeHash(e))))
      expect(peer.outcome()).toMatchObject({ type: 'done' })
    }
    await mailserver.close()
  })

  it('the answer names the request by the hash of its envelope', async () => {
    const { mailserver } = await server()
    const peer = recordingPeer()
    const request = await ask(encodeMailRequest(everything, 'v036'))
    await mailserver.mail.request(peer, request)
    await peer.waitFor(packetCodes.requestComplete)
    expect(toHex(peer.outcome().requestId)).toBe(toHex(envelopeHash(request.envelope)))
  })

  it('to the public key of the server as well', async () => {
    const privateKey = generatePrivateKey(defaultProvider, random)
    const { mailserver } = await server({ privateKey }, letters(2))
    const peer = recordingPeer()
    const envelope = await seal(encodeMailRequest(everything, 'v055'), {
      to: { topic: topicOfText('mail'), publicKey: defaultProvider.publicKey(privateKey) },
      signer,
      ttlSeconds: 1,
      nowUnixSeconds: T0,
    })
    await mailserver.mail.request(peer, { type: 'envelope', envelope })
    await peer.waitFor(packetCodes.requestComplete)
    expect(peer.batches()).toEqual([letters(2).map((e) => toHex(envelopeHash(e)))])
  })

  it('without batch every envelope comes in a packet of its own', async () => {
    const { mailserver } = await server({}, letters(3))
    const peer = recordingPeer()
    await mailserver.mail.request(peer, await ask(encodeMailRequest({ ...everything, batch: false }, 'v036')))
    await peer.waitFor(packetCodes.requestComplete)
    expect(peer.batches().map(({ length }) => length)).toEqual([1, 1, 1])
  })

  it('an open end reaches a minute ahead of our clock', async () => {
    const clock = virtualClock((T0 + 100) * 1000)
    const { mailserver } = await server({ clock }, [letter(150), letter(170)])
    const peer = recordingPeer()
    const open = { ...everything, upperUnixSeconds: 0 }
    await mailserver.mail.request(peer, await ask(encodeMailRequest(open, 'v036')))
    await peer.waitFor(packetCodes.requestComplete)
    expect(peer.batches()).toEqual([[toHex(envelopeHash(letter(150)))]])
  })

  it('no packet is larger than the peer takes', async () => {
    const many = Array.from({ length: 60 }, (_, i) => letter(i, 'status', 50 * (i % 9)))
    const { mailserver } = await server({}, many)
    for (const limit of [600, 1_000, 5_000]) {
      const peer = recordingPeer(limit)
      await mailserver.mail.request(peer, plain({ limit: 1000 }))
      await peer.waitFor(packetCodes.requestComplete)
      expect(peer.batches().flat()).toHaveLength(60)
      for (const { body } of peer.packets) expect(body.length).toBeLessThanOrEqual(limit)
    }
  })
})

describe('bad requests', () => {
  const refusal = async (payload: Uint8Array): Promise<string> => {
    const { mailserver } = await server({}, letters(2))
    const peer = recordingPeer()
    await mailserver.mail.request(peer, await ask(payload))
    await peer.waitFor(packetCodes.requestComplete)
    expect(peer.batches()).toEqual([])
    const outcome = peer.outcome()
    return outcome.type === 'failed' ? outcome.error : 'answered'
  }

  it('garbage, another number of fields, backward ranges, blooms of other lengths', async () => {
    expect(await refusal(new Uint8Array(0))).toMatch(/Undersized/)
    expect(await refusal(new Uint8Array(5).fill(0xff))).toMatch(/failed to decode/)
    expect(await refusal(Uint8Array.of(0xc0))).toMatch(/failed to decode/)
    const backward = { ...everything, upperUnixSeconds: T0 - 1 }
    for (const form of ['v036', 'v055'] as const)
      expect(await refusal(encodeMailRequest(backward, form))).toBe('query range is invalid: lower > upper')
    for (const bloom of [new Uint8Array(0), new Uint8Array(63), new Uint8Array(65)])
      expect(await refusal(encodeMailRequest({ ...everything, bloom }, 'v036'))).toMatch(/bloom filter/)
  })

  it('work is asked for, and what lives for no time, or for ever, has none; 50 seconds are what Go clients give', async () => {
    const { mailserver } = await server({}, letters(2))
    const payload = encodeMailRequest(everything, 'v055')
    const outcomeOf = async (ttlSeconds: number) => {
      const { envelope } = await ask(payload)
      const { topic, data, nonce } = envelope
      const lasting = envelopeFrom({ expiryUnixSeconds: T0 + 50, ttlSeconds, topic, data, nonce })
      const peer = recordingPeer()
      await mailserver.mail.request(peer, { type: 'envelope', envelope: lasting })
      await peer.waitFor(packetCodes.requestComplete)
      return peer.outcome()
    }
    for (const ttl of [0, 86_401, T0]) expect(await outcomeOf(ttl)).toMatchObject({ error: 'PoW too low' })
    for (const ttl of [1, 50]) expect(await outcomeOf(ttl)).toMatchObject({ type: 'done' })
  })

  it('a limit above the maximum: refused in the newer form, cut in the older one', async () => {
    expect(await refusal(encodeMailRequest({ ...everything, limit: 1001 }, 'v055'))).toMatch(/limit exceeds/)
    const { mailserver } = await server({}, letters(2))
    const peer = recordingPeer()
    await mailserver.mail.request(peer, await ask(encodeMailRequest({ ...everything, limit: 4e9 }, 'v036')))
    await peer.waitFor(packetCodes.requestComplete)
    expect(peer.batches().flat()).toHaveLength(2)
  })

  it('a huge range and a foreign cursor cost no more than a small one', async () => {
    const { mailserver } = await server({}, letters(4))
    const peer = recordingPeer()
    const cursor = new Uint8Array(36)
    new DataView(cursor.buffer).setUint32(0, T0 + 1)
    await mailserver.mail.request(peer, plain({ from: 0, to: 0xffff_ffff, cursor }))
    await peer.waitFor(packetCodes.requestComplete)
    // Nothing has this hash: what comes after the place where it would be.
    expect(peer.batches().flat()).toHaveLength(3)
    for (const length of [1, 35, 37, 40]) {
      const other = recordingPeer()
      await mailserver.mail.request(other, plain({ cursor: new Uint8Array(length).fill(255) }))
      await other.waitFor(packetCodes.requestComplete)
      expect(other.batches().flat(), `a cursor of ${length} bytes counts as none`).toHaveLength(4)
    }
  })

  it('fuzz: bytes in all forms are read or refused, never anything else', () => {
    const inputs = [
      encodeMailRequest(everything, 'v036'),
      encodeMailRequest(everything, 'v055'),
      new Uint8Array(116),
    ]
    let read = 0
    for (const form of ['v036', 'v055', 'raw'] as const)
      fuzz({
        seeds: inputs,
        count: Number(process.env.FUZZ_COUNT ?? 10_000),
        random: seededRandom(3),
        decode: (bytes) => {
          formOf(bytes)
          decodeMailRequest(bytes, form)
          read++
        },
        expectedError: MailserverError,
      })
    expect(read).toBeGreaterThan(0)
  })
})

describe('limits', () => {
  it('a peer that asks too often is told so, others are served', async () => {
    const clock = virtualClock()
    const { mailserver, events } = await server({ clock, limits: { requestsPerSecond: 1, requestBurst: 2 } })
    const greedy = recordingPeer(undefined, 1)
    for (let i = 0; i < 5; i++) await mailserver.mail.request(greedy, plain())
    await greedy.waitFor(packetCodes.requestComplete, 5)
    expect(events.filter(({ type }) => type === 'refused')).toHaveLength(3)
    expect(events.find(({ type }) => type === 'refused')).toMatchObject({ error: 'rate limit exceeded' })
    const other = recordingPeer(undefined, 2)
    await mailserver.mail.request(other, plain())
    await other.waitFor(packetCodes.requestComplete)
    expect(other.outcome().type).toBe('done')
    await clock.advance(1000)
    await mailserver.mail.request(greedy, plain())
    await greedy.waitFor(packetCodes.requestComplete, 6)
    expect(greedy.outcome().type).toBe('done')
  })

  it('a peer that takes nothing holds up its own requests alone, and not for ever', async () => {
    const clock = virtualClock()
    const { mailserver, events } = await server({ clock, scheduler: clock }, letters(3))
    const stuck = { peerId: new Uint8Array(64).fill(1), send: () => new Promise<boolean>(() => {}) }
    const accepted = await Promise.all(
      Array.from({ length: 9 }, () => mailserver.mail.request(stuck, plain())),
    )
    expect(accepted).toHaveLength(9) // one runs, eight wait
    const tenth = mailserver.mail.request(stuck, plain()) // its refusal is waited for
    const other = recordingPeer(undefined, 2)
    await mailserver.mail.request(other, plain())
    await other.waitFor(packetCodes.requestComplete)
    expect(other.outcome().type).toBe('done')
    await clock.advance(60_000)
    await tenth
    expect(events.filter(({ type }) => type === 'given-up')).toHaveLength(1)
  })

  it('more peers that take nothing than are answered at a time hold up nobody, up to a bound', async () => {
    const clock = virtualClock()
    const limits = { answering: 2, aside: 3 }
    const { mailserver, events } = await server({ clock, scheduler: clock, limits }, letters(3))
    const stuck = (id: number) => ({
      peerId: new Uint8Array(64).fill(id),
      send: () => new Promise<boolean>(() => {}),
    })
    for (let id = 10; id < 13; id++) await mailserver.mail.request(stuck(id), plain())
    const honest = recordingPeer(undefined, 1)
    await mailserver.mail.request(honest, plain())
    for (let second = 0; second < 5 && honest.packets.length === 0; second++) await clock.advance(1_000)
    await honest.waitFor(packetCodes.requestComplete)
    expect(honest.outcome().type).toBe('done')

    for (let id = 20; id < 25; id++) await mailserver.mail.request(stuck(id), plain())
    const late = recordingPeer(undefined, 2)
    await mailserver.mail.request(late, plain())
    for (let second = 0; second < 5; second++) await clock.advance(1_000)
    expect(late.packets, 'three stand aside and two are at work: no more than that').toHaveLength(0)
    for (let second = 0; second < 180; second++) await clock.advance(1_000)
    await late.waitFor(packetCodes.requestComplete)
    expect(events.filter(({ type }) => type === 'given-up')).toHaveLength(8)
    await mailserver.close()
  })

  it('closing does not wait for a peer that takes nothing', async () => {
    const { mailserver } = await server({}, letters(3))
    const stuck = { peerId: new Uint8Array(64).fill(1), send: () => new Promise<boolean>(() => {}) }
    await mailserver.mail.request(stuck, plain())
    await mailserver.close()
    await mailserver.mail.request(stuck, plain()) // too late, and harmless
  })

  it('a link that closes ends its answer', async () => {
    const { mailserver, events } = await server({}, letters(30))
    events.push({ type: 'archived', stored: 0, known: 0 })
    let sent = 0
    const gone = {
      peerId: new Uint8Array(64).fill(3),
      maxPacketBytes: 400,
      send: async () => ++sent < 3,
    }
    await mailserver.mail.request(gone, plain())
    await expect.poll(() => events.length).toBe(2)
    await mailserver.close()
    expect(sent).toBe(3)
    expect(events.at(-1)).toMatchObject({ type: 'given-up' })
  })

  it('a search that finds no end is broken off', async () => {
    const clock = virtualClock()
    const endless: EnvelopeArchive = {
      ...createMemoryArchive(),
      async *query(_query, signal) {
        yield letter(1)
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
    }
    const { mailserver, events } = await server({ archive: endless, clock, scheduler: clock })
    const peer = recordingPeer()
    await mailserver.mail.request(peer, plain())
    await clock.advance(300_000)
    await peer.waitFor(packetCodes.requestComplete)
    expect(peer.outcome()).toMatchObject({ type: 'failed', error: expect.stringMatching(/too long/) })
    await mailserver.mail.request(recordingPeer(undefined, 2), plain())
    await mailserver.close() // does not wait for it
    expect(events.at(-1)).toMatchObject({ type: 'given-up' })
  })

  it('what a server knows of peers does not grow without bound', async () => {
    const { mailserver } = await server({ limits: { requestsPerSecond: 0.0001, requestBurst: 1 } })
    const first = recordingPeer(undefined, 1)
    await mailserver.mail.request(first, plain())
    for (let i = 0; i < 5000; i++) {
      const peerId = new Uint8Array(64)
      new DataView(peerId.buffer).setUint32(0, i + 1)
      await mailserver.mail.request({ ...recordingPeer(), peerId }, plain())
    }
    await mailserver.mail.request(first, plain())
    await first.waitFor(packetCodes.requestComplete, 2)
    expect(first.outcome().type).toBe('done') // forgotten
  })
})

describe('archiving', () => {
  const broken: EnvelopeArchive = {
    ...createMemoryArchive(),
    putBatch: () => Promise.reject(new Error('disk full')),
    // biome-ignore lint/correctness/useYield: it fails before
    async *query() {
      throw new Error('disk gone')
    },
  }

  it('nothing is confirmed that could not be archived', async () => {
    const { mailserver, events } = await server({
      archive: { ...broken, putBatch: createMemoryArchive().putBatch },
    })
    await mailserver.beforeConfirm([letter(1)])
    const failing = await createMailserver({ archive: broken, password: PASSWORD })
    await expect(failing.beforeConfirm([letter(1)])).rejects.toThrow('disk full')
    const peer = recordingPeer()
    await mailserver.mail.request(peer, plain())
    await peer.waitFor(packetCodes.requestComplete)
    expect(peer.outcome()).toMatchObject({ type: 'failed', error: 'the archive cannot be read' })
    expect(events.map(({ type }) => type)).toEqual(['archived', 'archive-failed', 'refused'])
  })

  it('only the topics that are asked for', async () => {
    const { mailserver, archive } = await server({ topics: [topicOfText('kept')] })
    await mailserver.beforeConfirm([letter(1), letter(2, 'kept'), letter(3)])
    expect(await archive.size()).toMatchObject({ envelopes: 1 })
  })

  it('what is too old or too much is deleted every hour', async () => {
    const clock = virtualClock((T0 + 1000) * 1000)
    const { mailserver, archive, events } = await server(
      { clock, scheduler: clock, retention: { maxAgeSeconds: 3600 + 990 } },
      letters(20),
    )
    await clock.advance(3_600_000)
    expect(events).toEqual([{ type: 'pruned', envelopes: 10 }])
    expect(await archive.size()).toMatchObject({ envelopes: 10 })
    await mailserver.close()
  })

  it('a clock that jumped years ahead deletes nothing by age, until envelopes of that time come', async () => {
    const clock = virtualClock((T0 + 3 * 365 * 86_400) * 1000)
    const { mailserver, archive, events } = await server(
      { clock, scheduler: clock, retention: { maxAgeSeconds: 30 * 86_400 } },
      letters(20),
    )
    await clock.advance(3_600_000)
    expect(await mailserver.prune()).toBe(0)
    expect(await archive.size()).toMatchObject({ envelopes: 20 })
    await archive.putBatch([letter(3 * 365 * 86_400)])
    await clock.advance(3_600_000)
    expect(events).toEqual([{ type: 'pruned', envelopes: 20 }])
    expect(await archive.size()).toMatchObject({ envelopes: 1 })
    await mailserver.close()
  })

  it('what is too much is deleted as it comes, before the hour is over, and when the archive fails', async () => {
    const clock = virtualClock((T0 + 1000) * 1000)
    const each = letter(1).rlp.length
    const { mailserver, archive, events } = await server(
      { clock, scheduler: clock, retention: { maxBytes: 50 * each } },
      [],
    )
    for (let i = 0; i < 200; i++) {
      await mailserver.beforeConfirm([letter(i)])
      await clock.advance(1_000)
    }
    expect((await archive.size()).envelopes).toBeLessThanOrEqual(50 + 11)
    expect(events.filter(({ type }) => type === 'pruned').length).toBeGreaterThan(5)
    await mailserver.close()

    const pruned: unknown[] = []
    const full = {
      ...archive,
      putBatch: () => Promise.reject(new Error('disk full')),
      prune: async (rule: unknown) => pruned.push(rule),
    }
    const failing = await createMailserver({
      ...{ archive: full, password: PASSWORD, clock, scheduler: clock, retention: { maxBytes: 100 } },
    })
    for (let i = 0; i < 5; i++) await expect(failing.beforeConfirm([letter(1)])).rejects.toThrow('disk full')
    await clock.advance(0)
    expect(pruned).toEqual([{ maxBytes: 100 }])
    await failing.close()
  })

  it('in a Whisper node: confirmed when it is in the archive, asked for when it has expired', async () => {
    const clock = virtualClock(T0 * 1000)
    const archive = createMemoryArchive()
    const mailserver = await createMailserver({ archive, password: PASSWORD, clock, scheduler: clock })
    const relay = createWhisper({
      clock,
      scheduler: clock,
      beforeConfirm: mailserver.beforeConfirm,
      mail: mailserver.mail,
    })
    const [alice, bob] = [
      createWhisper({ clock, scheduler: clock }),
      createWhisper({ clock, scheduler: clock }),
    ]
    const chat = await publicChat('status')
    const link = createMemoryLinkPair()
    void relay.attach(link.a)
    void alice.attach(link.b)
    const confirmed = alice.service.status()[Symbol.asyncIterator]().next()
    await clock.advance(1000)
    const to = { symKey: chat.symmetricKey }
    const hash = await alice.service.post({
      to,
      topic: chat.topic,
      payload: Uint8Array.of(1, 2, 3),
      powTarget: 0.002,
    })
    await clock.advance(2000)
    expect((await confirmed).value).toMatchObject({ state: 'confirmed' })
    expect(await archive.size()).toMatchObject({ envelopes: 1 })

    await clock.advance(60_000)
    const second = createMemoryLinkPair()
    bob.trust(second.b.peerId) // of the other end
    void relay.attach(second.a)
    void bob.attach(second.b)
    await clock.advance(1000)
    const received = bob.service.subscribe({ ...to, topics: [chat.topic] })
    const [toRelay] = bob.peers()
    const envelope = (
      await ask(encodeMailRequest({ ...everything, bloom: bloomOfTopics([chat.topic]) }, 'v055'))
    ).envelope
    await toRelay?.send(packetCodes.request, encodeHistoryRequest({ type: 'envelope', envelope }))
    await clock.advance(1000)
    const { value } = await received.next()
    expect(toHex(value?.hash ?? new Uint8Array(0))).toBe(toHex(hash))
    expect(value).toMatchObject({ direct: true, payload: Uint8Array.of(1, 2, 3) })
    await Promise.all([relay.close(), alice.close(), bob.close(), mailserver.close()])
  })
})

describe('between mailservers', () => {
  const request = {
    lowerUnixSeconds: 0,
    upperUnixSeconds: 4e9 - 1,
    bloom: fullBloom(),
    limit: 2,
    cursor: new Uint8Array(0),
  }

  it('pages are sent in packets 124, the last one says where to go on', async () => {
    const { mailserver } = await server({}, letters(3))
    const peer = recordingPeer()
    await mailserver.mail.syncRequest(peer, request)
    await peer.waitFor(packetCodes.syncResponse, 3)
    const answers = peer.packets.map(({ body }) => decodeSyncResponse(body))
    expect(answers.map(({ envelopes, final }) => [envelopes.length, final])).toEqual([
      [1, false],
      [1, false],
      [0, true],
    ])
    const next = recordingPeer()
    await mailserver.mail.syncRequest(next, { ...request, cursor: answers[2]?.cursor ?? new Uint8Array(0) })
    await next.waitFor(packetCodes.syncResponse, 2)
    const rest = next.packets.map(({ body }) => decodeSyncResponse(body))
    expect(rest.map(({ envelopes, cursor, final }) => [envelopes.length, cursor.length, final])).toEqual([
      [1, 0, false],
      [0, 0, true],
    ])
  })

  it('is refused with a reason', async () => {
    const { mailserver } = await server({ maySync: (id) => id[0] === 5 }, letters(3))
    const reasonFor = async (id: number, changes: object) => {
      const peer = recordingPeer(undefined, id)
      await mailserver.mail.syncRequest(peer, { ...request, ...changes })
      await peer.waitFor(packetCodes.syncResponse)
      const [answer] = peer.packets
      return decodeSyncResponse(answer?.body ?? new Uint8Array(0)).error
    }
    expect(await reasonFor(4, {})).toMatch(/not allowed/)
    expect(await reasonFor(5, { limit: 1001 })).toMatch(/limit/)
    expect(await reasonFor(5, { bloom: new Uint8Array(1) })).toMatch(/bloom/)
    expect(await reasonFor(5, { lowerUnixSeconds: 4e9 })).toMatch(/range/)
  })
})
