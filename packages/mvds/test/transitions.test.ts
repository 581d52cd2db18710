import { toHex } from '@status-protocol/bytes'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import {
  encodePayload,
  type MessageContent,
  messageIdOf,
  newMessage,
  oneToOneGroupId,
  syncGroupId,
} from '../src/index.ts'
import { brokenInvariants, createParty, outputsOf, type Party, peer } from './harness.ts'

const [alice, bob, carol] = [peer(1), peer(2), peer(3)]
const body = (n: number) => new TextEncoder().encode(`message ${n}`)
const from = (self: Uint8Array, to: Uint8Array, n: number): MessageContent => ({
  groupId: oneToOneGroupId(self, to),
  timestampSeconds: BigInt(n),
  body: body(n),
})

describe('batch mode, the default', () => {
  it('sends in the next epoch, again when it is not acknowledged, never after the ack', async () => {
    const party = createParty(alice)
    const { id } = await party.append([bob], body(1))
    expect(await party.tick()).toMatchObject([{ to: bob, offers: [], messages: [{ body: body(1) }] }])
    expect(await party.tick()).toEqual([])
    party.pass(5_000)
    expect(await party.tick()).toMatchObject([{ to: bob, messages: [{ body: body(1) }] }])
    expect(outputsOf(await party.receive(bob, { acks: [id] }), 'acked')).toEqual([
      { type: 'acked', id, by: bob },
    ])
    party.pass(100_000_000)
    expect(await party.tick()).toEqual([])
    expect(await party.records()).toEqual([])
    expect(await brokenInvariants(party.storage)).toEqual([])
  })

  it('puts what one epoch brings into one payload a peer, in order', async () => {
    const party = createParty(alice)
    await party.receive(bob, { messages: [from(bob, alice, 7)] })
    for (let n = 0; n < 5; n++) await party.append([n % 2 ? carol : bob], body(n))
    const sent = await party.tick()
    expect(sent.map(({ to }) => toHex(to)).sort()).toEqual([toHex(bob), toHex(carol)].sort())
    const toBob = sent.find(({ to }) => toHex(to) === toHex(bob))
    expect(toBob?.acks).toHaveLength(1)
    expect(toBob?.messages.map((m) => m.body)).toEqual([body(0), body(2), body(4)])
  })

  it('delivers and acknowledges once, and acknowledges repeats', async () => {
    const party = createParty(alice)
    const message = from(bob, alice, 1)
    expect(outputsOf(await party.receive(bob, { messages: [message, message] }), 'deliver')).toHaveLength(1)
    expect(outputsOf(await party.receive(bob, { messages: [message] }), 'deliver')).toHaveLength(0)
    const [sent] = await party.tick()
    expect(sent?.acks.map(toHex)).toEqual([toHex(messageIdOf(message)), toHex(messageIdOf(message))])
    await party.receive(bob, { messages: [message] })
    expect(await party.tick()).toMatchObject([{ acks: [messageIdOf(message)] }])
  })

  it('takes the same body in the same second as one message', async () => {
    const party = createParty(alice)
    const [a, b] = [await party.append([bob], body(1)), await party.append([bob], body(1))]
    expect(b.id).toEqual(a.id)
    expect((await party.tick())[0]?.messages).toHaveLength(1)
    expect(await brokenInvariants(party.storage)).toEqual([])
  })
})

describe('safe towards Go clients', () => {
  it('never offers, also when it is offered to', async () => {
    const party = createParty(alice)
    await party.join(syncGroupId(new Uint8Array(32)), bob)
    await party.join(syncGroupId(new Uint8Array(32)), carol)
    await party.append([bob, carol], body(1), { groupId: syncGroupId(new Uint8Array(32)) })
    const shared = { groupId: new Uint8Array(32), timestampSeconds: 5n, body: body(2) }
    await party.receive(bob, { offers: [new Uint8Array(32).fill(9)], messages: [shared] })
    for (let i = 0; i < 20; i++) for (const { offers } of await party.tick()) expect(offers).toEqual([])
  })

  it('puts acks that the peer may not know any more behind the others', async () => {
    const party = createParty(alice)
    const known = [1, 2, 3].map((n) => from(bob, alice, n))
    await party.receive(bob, { messages: known })
    await party.tick()
    const fresh = [4, 5].map((n) => from(bob, alice, n))
    await party.receive(bob, { messages: [...known, ...fresh] })
    const [sent] = await party.tick()
    expect(sent?.acks.slice(0, 2).map(toHex)).toEqual(fresh.map((m) => toHex(messageIdOf(m))))
    expect(sent?.acks.slice(2).map(toHex).sort()).toEqual(known.map((m) => toHex(messageIdOf(m))).sort())
  })

  it('says nothing to acks alone', async () => {
    const party = createParty(alice)
    const { id } = await party.append([bob], body(1))
    await party.tick()
    await party.receive(bob, { acks: [id] })
    await party.receive(bob, { acks: [new Uint8Array(32)] })
    expect(await party.records()).toEqual([])
    expect(await party.tick()).toEqual([])
  })

  it('does so when it is asked to', async () => {
    const party = createParty(alice, { answerAlways: true })
    await party.receive(bob, { acks: [new Uint8Array(32)] })
    expect(outputsOf(await party.epoch(), 'send')).toEqual([])
    party.pass(300)
    expect(outputsOf(await party.epoch(), 'send')).toEqual([
      { type: 'send', to: bob, payload: new Uint8Array(0) },
    ])
  })
})

describe('interactive mode', () => {
  it('offers, sends on request, ends both with the ack', async () => {
    const [a, b] = [createParty(alice, { mode: 'interactive' }), createParty(bob, { mode: 'interactive' })]
    const { id } = await a.append([bob], body(1))
    const [offer] = await a.tick()
    expect(offer).toMatchObject({ offers: [id], messages: [] })
    await b.receive(alice, { offers: [id, id] })
    const [request] = await b.tick()
    expect(request).toMatchObject({ requests: [id] })
    await a.receive(bob, { requests: [id] })
    const [message] = await a.tick()
    expect(message).toMatchObject({ messages: [{ body: body(1) }] })
    expect(outputsOf(await b.receive(alice, { messages: message?.messages ?? [] }), 'deliver')).toHaveLength(
      1,
    )
    const [ack] = await b.tick()
    expect(ack).toMatchObject({ acks: [id], requests: [] })
    expect(outputsOf(await a.receive(bob, { acks: [id] }), 'acked')).toHaveLength(1)
    for (const party of [a, b]) {
      expect(await party.records()).toEqual([])
      expect(await brokenInvariants(party.storage)).toEqual([])
    }
  })

  it('acknowledges offers of what it has', async () => {
    const party = createParty(alice)
    const message = from(bob, alice, 1)
    await party.receive(bob, { messages: [message] })
    await party.tick()
    await party.receive(carol, { offers: [messageIdOf(message)] })
    expect(await party.tick()).toMatchObject([{ to: carol, acks: [messageIdOf(message)], requests: [] }])
  })

  it('sends to members of the group alone', async () => {
    const party = createParty(alice, { mode: 'interactive' })
    const { id } = await party.append([bob], body(1))
    await party.receive(carol, { requests: [id] })
    expect((await party.records()).filter(({ type }) => type === 'message')).toEqual([])
  })

  it('a request that comes with the last ack asks for nothing', async () => {
    const party = createParty(alice, { mode: 'interactive' })
    const { id } = await party.append([bob], body(1))
    await party.receive(bob, { acks: [id], requests: [id] })
    expect(await party.records()).toEqual([])
    expect(await brokenInvariants(party.storage)).toEqual([])
  })

  it('a repeated request is answered once an epoch, as long as the offer stands', async () => {
    const party = createParty(alice, { mode: 'interactive', maxSends: 3 })
    const { id } = await party.append([bob], body(1))
    const counts: number[] = []
    for (let i = 0; i < 100; i++) {
      await party.receive(bob, { requests: [id] })
      await party.receive(bob, { requests: [id] })
      for (const sent of await party.tick()) counts.push(sent.messages.length)
    }
    expect(Math.max(...counts)).toBe(1)
    party.pass(100_000)
    await party.tick()
    await party.receive(bob, { requests: [id] })
    expect(await party.tick()).toEqual([])
  })
})

describe('giving up', () => {
  it('tells after maxSends sends and forgets the message', async () => {
    const party = createParty(alice, { maxSends: 3 })
    const { id } = await party.append([bob], body(1))
    const gaveUp = []
    let sends = 0
    for (let i = 0; i < 500; i++) {
      party.pass(300)
      const outputs = await party.epoch()
      sends += outputsOf(outputs, 'send').length
      gaveUp.push(...outputsOf(outputs, 'gaveUp'))
    }
    expect(sends).toBe(3)
    expect(gaveUp).toEqual([{ type: 'gaveUp', id, to: bob }])
    expect(await party.records()).toEqual([])
    expect(await brokenInvariants(party.storage)).toEqual([])
  })

  it('keeps the message for the others of the group', async () => {
    const party = createParty(alice, { maxSends: 1 })
    const groupId = syncGroupId(new Uint8Array(32).fill(5))
    party.pass(100) // to a whole second: both append the same message
    const { id } = await party.append([bob], body(1), { groupId })
    await party.tick()
    expect((await party.append([carol], body(1), { groupId })).id).toEqual(id)
    await party.tick()
    const givenUp = async () => outputsOf(await party.epoch(), 'gaveUp').map(({ to }) => to)
    party.pass(4_800)
    expect(await givenUp()).toEqual([bob])
    expect(await party.reads.message(id)).toBeDefined()
    expect(await brokenInvariants(party.storage)).toEqual([])
    party.pass(300)
    expect(await givenUp()).toEqual([carol])
    expect(await party.reads.message(id)).toBeUndefined()
    expect(await brokenInvariants(party.storage)).toEqual([])
  })

  it('drops requests without a word', async () => {
    const party = createParty(alice, { maxSends: 2 })
    await party.receive(bob, { offers: [new Uint8Array(32).fill(1)] })
    const outputs = []
    for (let i = 0; i < 100; i++) {
      party.pass(300)
      outputs.push(...(await party.epoch()))
    }
    expect(outputsOf(outputs, 'send')).toHaveLength(2)
    expect(outputsOf(outputs, 'gaveUp')).toEqual([])
    expect(await party.records()).toEqual([])
  })
})

describe('a peer that returns', () => {
  async function withLongWait(options = {}): Promise<{ party: Party; sent(): Promise<number> }> {
    const party = createParty(alice, options)
    for (let n = 0; n < 3; n++) await party.append([bob], body(n))
    for (let i = 0; i < 3_000; i++) await party.tick()
    const sent = async () => (await party.tick()).reduce((sum, { messages }) => sum + messages.length, 0)
    expect(await sent()).toBe(0)
    return { party, sent }
  }

  it('gets at once what waits for it, and the delays start over', async () => {
    const { party, sent } = await withLongWait()
    await party.receive(bob, { acks: [new Uint8Array(32)] })
    expect(await sent()).toBe(3)
    party.pass(5_000)
    expect(await sent()).toBe(3)
  })

  it('not again while it is there', async () => {
    const { party, sent } = await withLongWait()
    await party.receive(bob, { acks: [new Uint8Array(32)] })
    await sent()
    party.pass(1_000)
    await party.receive(bob, { acks: [new Uint8Array(32)] })
    expect(await sent()).toBe(0)
  })

  it('what it acknowledges in the same payload does not go out', async () => {
    const { party, sent } = await withLongWait()
    const ids = (await party.records()).map(({ id }) => id)
    await party.receive(bob, { acks: ids.slice(0, 2) })
    expect(await sent()).toBe(1)
    expect(await brokenInvariants(party.storage)).toEqual([])
  })

  it('what has been sent once may be on its way and waits', async () => {
    const party = createParty(alice, { peerReturnsAfterMs: 1_000 })
    await party.append([bob], body(1))
    await party.tick()
    party.pass(2_000)
    await party.receive(bob, { acks: [new Uint8Array(32)] })
    expect(await party.tick()).toEqual([])
  })

  it('not for ever: a message that no return brings an ack for is given up', async () => {
    const { party, sent } = await withLongWait({ maxReturns: 2, maxSends: 14 })
    const back = async () => {
      party.pass(120_000)
      await party.receive(bob, { acks: [new Uint8Array(32)] })
      return sent()
    }
    // Sends between the returns bring the records to where they count again.
    const again = async () => {
      for (let i = 0; i < 60; i++) await party.tick()
    }
    expect(await back()).toBe(3)
    await again()
    expect(await back()).toBe(3)
    await again()
    for (const record of await party.records()) expect(record.returns).toBe(2)
    const before = (await party.records()).map(({ dueMs }) => dueMs)
    await party.receive(bob, { acks: [new Uint8Array(32)] })
    expect((await party.records()).map(({ dueMs }) => dueMs)).toEqual(before)
    const outputs = []
    for (let i = 0; i < 30; i++) {
      party.pass(3_600_000)
      await party.receive(bob, { acks: [new Uint8Array(32)] })
      outputs.push(...(await party.epoch()))
    }
    expect(outputsOf(outputs, 'gaveUp')).toHaveLength(3)
    expect(await brokenInvariants(party.storage)).toEqual([])
  })

  it('can be told by the host', async () => {
    const { party, sent } = await withLongWait()
    await party.peerReturned(bob)
    expect(await sent()).toBe(3)
    await party.peerReturned(carol)
    expect(await brokenInvariants(party.storage)).toEqual([])
  })
})

describe('a clock that is set back', () => {
  it('does not stop what waits: nothing is due later than the longest delay', async () => {
    const party = createParty(alice)
    await party.append([bob], body(1))
    await party.tick()
    party.pass(-365 * 24 * 3_600_000)
    expect(await party.tick()).toMatchObject([{ messages: [{ body: body(1) }] }])
    expect(await party.tick()).toEqual([])
    party.pass(10_000) // the delay after the second send
    expect(await party.tick()).toHaveLength(1)
    expect(await brokenInvariants(party.storage)).toEqual([])
  })
})

describe('split of large payloads', () => {
  it('no payload is larger than the limit but for a message that is so alone', async () => {
    const party = createParty(alice, { splitAboveBytes: 10_000 })
    const random = seededRandom(3)
    const bodies = [100, 9_000, 9_000, 3_000, 3_000, 3_000, 25_000, 100].map((size) => random.bytes(size))
    for (const bytes of bodies) await party.append([bob], bytes)
    const many = Array.from({ length: 600 }, (_, n) => from(bob, alice, n))
    await party.receive(bob, { messages: many })
    party.pass(300)
    const sends = outputsOf(await party.epoch(), 'send')
    const large = sends.filter(({ payload }) => payload.length > 10_000)
    expect(large).toHaveLength(1)
    expect(sends.length).toBeLessThan(12)
    const other = createParty(bob)
    const delivered = []
    for (const { payload } of sends)
      delivered.push(...outputsOf(await other.receive(alice, payload), 'deliver'))
    expect(delivered.map(({ message }) => message.body)).toEqual(bodies)
  })

  it('refuses bodies that fit into no payload', () => {
    const { options } = createParty(alice)
    const big = { groupId: syncGroupId(new Uint8Array(32)), body: new Uint8Array(1024 * 1024) }
    expect(() => newMessage(big, { self: alice, nowMs: 0, options })).toThrow(/body: expected at most/)
  })
})

describe('groups', () => {
  it('a message of a group that the sender is no member of is neither delivered nor acknowledged', async () => {
    const party = createParty(alice)
    const foreign = [
      { ...from(bob, alice, 1), groupId: oneToOneGroupId(bob, carol) },
      { ...from(bob, alice, 2), groupId: oneToOneGroupId(alice, carol) },
      { ...from(bob, alice, 3), groupId: new Uint8Array(32) },
      { ...from(bob, alice, 4), groupId: new Uint8Array(0) },
      { ...from(bob, alice, 5), groupId: new Uint8Array(33) },
    ]
    const outputs = await party.receive(bob, { messages: foreign })
    expect(outputs).toEqual([{ type: 'refused', from: bob, reason: 'foreign-group', count: 5 }])
    expect(await party.tick()).toEqual([])
  })

  it('a message of a group that the host has put the sender in is', async () => {
    const party = createParty(alice)
    const groupId = syncGroupId(new Uint8Array(32).fill(7))
    await party.join(groupId, bob)
    const outputs = await party.receive(bob, { messages: [{ ...from(bob, alice, 1), groupId }] })
    expect(outputsOf(outputs, 'deliver')).toHaveLength(1)
    expect(
      outputsOf(await party.receive(carol, { messages: [{ ...from(bob, alice, 2), groupId }] }), 'deliver'),
    ).toEqual([])
  })

  it('a member who is removed gets nothing more of it, and the rest as before', async () => {
    const party = createParty(alice)
    const groupId = syncGroupId(new Uint8Array(32).fill(7))
    await party.join(groupId, bob)
    await party.append([bob, carol], body(1), { groupId })
    await party.append([bob], body(2))
    await party.removePeer(groupId, bob)
    expect(await brokenInvariants(party.storage)).toEqual([])
    const sent = await party.tick()
    expect(sent.find(({ to }) => toHex(to) === toHex(bob))?.messages.map((m) => m.body)).toEqual([body(2)])
    expect(sent.find(({ to }) => toHex(to) === toHex(carol))?.messages.map((m) => m.body)).toEqual([body(1)])
    expect(await party.reads.groupPeers(groupId, 10)).toEqual([])
  })
})

describe('caps', () => {
  it('of messages that wait for one peer', async () => {
    const party = createParty(alice, { maxRecordsPerPeer: 10 })
    for (let n = 0; n < 10; n++) expect((await party.append([bob], body(n))).result.ok).toBe(true)
    expect((await party.append([bob], body(10))).result).toMatchObject({
      ok: false,
      reason: 'queue-full',
      peer: bob,
    })
    expect((await party.append([carol], body(10))).result.ok).toBe(true)
    expect((await party.append([bob, carol], body(11))).result.ok).toBe(false)
    expect(await brokenInvariants(party.storage)).toEqual([])
  })

  it('of requests to one peer, and of ids that are looked at', async () => {
    const party = createParty(alice, { maxRecordsPerPeer: 10, maxElementsPerList: 50 })
    const ids = Array.from({ length: 200 }, (_, n) => new Uint8Array(32).fill(n))
    const outputs = await party.receive(bob, { offers: ids, acks: [new Uint8Array(5)] })
    expect(outputsOf(outputs, 'refused')).toEqual([
      { type: 'refused', from: bob, reason: 'malformed-id', count: 1 },
      { type: 'refused', from: bob, reason: 'too-many', count: 150 },
    ])
    expect(await party.records()).toHaveLength(10)
    expect(await brokenInvariants(party.storage)).toEqual([])
  })

  it('of remembered ids, by number and by age', async () => {
    const party = createParty(alice, { rememberIds: 20, rememberMs: 60_000 })
    for (let n = 0; n < 50; n++) await party.receive(bob, { messages: [from(bob, alice, n)] })
    expect(await party.reads.seenRange()).toEqual({ oldest: 30, next: 50 })
    expect(await brokenInvariants(party.storage)).toEqual([])
    expect(outputsOf(await party.receive(bob, { messages: [from(bob, alice, 49)] }), 'deliver')).toHaveLength(
      0,
    )
    expect(outputsOf(await party.receive(bob, { messages: [from(bob, alice, 0)] }), 'deliver')).toHaveLength(
      1,
    )
    party.pass(61_000)
    await party.epoch()
    expect(await party.reads.seenRange()).toEqual({ oldest: 51, next: 51 })
    expect(await brokenInvariants(party.storage)).toEqual([])
  })

  it('of records handled in one epoch: the rest follows in the next', async () => {
    const party = createParty(alice, { maxRecordsPerEpoch: 10 })
    for (let n = 0; n < 25; n++) await party.append([bob], body(n))
    const counts = []
    for (let i = 0; i < 4; i++)
      counts.push((await party.tick()).reduce((sum, p) => sum + p.messages.length, 0))
    expect(counts).toEqual([10, 10, 5, 0])
  })
})

describe('memory', () => {
  it('one epoch takes some megabytes of bodies, the next one goes on', async () => {
    const party = createParty(alice, { splitAboveBytes: 1_000_000 })
    for (let n = 0; n < 12; n++) {
      const large = new Uint8Array(900_000).fill(n)
      await party.append([bob], large)
    }
    const counts = []
    for (let i = 0; i < 4; i++)
      counts.push((await party.tick()).reduce((sum, p) => sum + p.messages.length, 0))
    expect(counts).toEqual([5, 5, 2, 0])
  })
})

describe('wake', () => {
  it('tells when the next record is due', async () => {
    const party = createParty(alice)
    const start = party.now()
    const { result } = await party.append([bob], body(1))
    expect(result.ok && outputsOf(result.outputs, 'wake')).toEqual([{ type: 'wake', atMs: start + 300 }])
    expect(outputsOf(await party.epoch(), 'wake')).toEqual([{ type: 'wake', atMs: start + 300 }])
    party.pass(300)
    const [wake] = outputsOf(await party.epoch(), 'wake')
    expect(wake?.atMs).toBe(start + 300 + 5_100) // 5 s, and up to the next tick
    expect(outputsOf(await party.epoch(), 'wake')).toEqual([wake])
  })

  it('is silent when nothing waits', async () => {
    expect(await createParty(alice).epoch()).toEqual([])
  })
})

describe('the later wire form', () => {
  const options = { wire: 'metadata' } as const

  it('carries metadata; an ephemeral message is sent once and not acknowledged', async () => {
    const [a, b] = [createParty(alice, options), createParty(bob, options)]
    const metadata = { parents: [new Uint8Array(32).fill(8)], ephemeral: true }
    await a.append([bob], body(1), { metadata })
    const [sent] = await a.tick()
    expect(await a.records()).toEqual([])
    expect(await brokenInvariants(a.storage)).toEqual([])
    const outputs = await b.receive(alice, encodePayload(sent as never, 'metadata'))
    expect(outputsOf(outputs, 'deliver')).toMatchObject([{ message: { metadata } }])
    expect(await b.tick()).toEqual([])
  })

  it('is the only one that does', async () => {
    const metadata = { parents: [], ephemeral: true }
    await expect(createParty(alice).append([bob], body(1), { metadata })).rejects.toThrow(/metadata/)
  })
})
