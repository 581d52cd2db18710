/**
 * The recorded case with a mailserver of status-go: our messenger is the one who was away, has Bob's recorded keys, asks, and
 * gets the recorded answers, packet by packet.
 */
import { equal, to0xHex, toHex } from '@status-protocol/bytes'
import { decodeMailRequest } from '@status-protocol/mailserver'
import { createMessenger, type MessengerEvent } from '@status-protocol/messenger'
import { hex, seededRandom, type VectorCase, virtualClock } from '@status-protocol/testkit'
import {
  bloomMatchesTopic,
  createWhisper,
  encodeRequestComplete,
  open,
  packetCodes,
  parseRequestCompletePayload,
  symmetricKeyFromPassword,
  topicFrom,
} from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import { describe, expect, it } from 'vitest'
import { liveCases } from './support/live-party.ts'
import { remembering as crypto, recordedStorage } from './support/recorded.ts'

const cases = await liveCases()
const parts = cases.flatMap((c) =>
  c.history
    ? [[c.name, c, (c.parties as VectorCase[]).find(({ name }) => name === c.history.requester)] as const]
    : [],
)

describe.skipIf(cases.length === 0)('history, recorded', () => {
  it('is one case', () => expect(parts).toHaveLength(1))

  it.each(parts)('%s', async (_name, c, p) => {
    if (!p) throw new Error('the requester is a party')
    const requests = c.history.requests as VectorCase[]
    const clock = virtualClock(
      (c.envelopes as VectorCase[]).find(({ hash }) => hash === requests.at(-1)?.request_id)?.at_unix_ms,
    )
    const storage = await recordedStorage(p)
    const parts = { clock, scheduler: clock, random: seededRandom(5), crypto }
    const whisper = createWhisper(parts)
    const privateKey = hex(p.identity_private_key)
    const messenger = await createMessenger({
      ...parts,
      account: { chatKey: { privateKey, publicKey: hex(p.identity_public_key) as never } },
      ...{ storage, whisper: whisper.service, mail: { pageSize: 3, newChatSeconds: 3_600 } },
    })
    const events: MessengerEvent[] = []
    void (async () => {
      for await (const event of messenger.events()) events.push(event)
    })()
    for (const name of c.texts.public_chats as string[]) await messenger.join(`#${name}`)
    const other = (c.parties as VectorCase[]).find(({ name }) => name !== p.name)
    await messenger.join(to0xHex(hex(other?.identity_public_key)))

    const symmetricKey = await symmetricKeyFromPassword(c.history.mail_server.password, { crypto })
    let asked = 0
    const problems: unknown[] = []
    const server = createWhisper({
      ...{ ...parts, log: (event) => void (event.type === 'handler-failed' && problems.push(event.error)) },
      mail: {
        async request(from, request) {
          if (request.type !== 'envelope') throw new Error('a request of the newer forms')
          const opened = open(request.envelope, { symmetricKey })
          if (!opened.ok || !opened.signer) throw new Error('with the password, and signed')
          const { limit, cursor, bloom } = decodeMailRequest(opened.payload, 'v055')
          const recorded = requests.find((one) => one.cursor === toHex(cursor))
          if (!recorded) throw new Error(`no recorded request has the cursor ${toHex(cursor)}`)
          expect(recorded.limit).toBe(limit)
          const wanted = (recorded.topics as string[]).filter((topic) =>
            bloomMatchesTopic(bloom as never, topicFrom(hex(topic))),
          )
          expect(wanted.length, 'topics that the recorded client asks for as well').toBeGreaterThan(0)
          asked++
          for (const { code, body, payload } of recorded.packets as VectorCase[]) {
            if (code === packetCodes.direct) await from.send(code, hex(body))
            else {
              const done = parseRequestCompletePayload(hex(payload))
              const requestId = crypto.keccak256(request.envelope.rlp)
              await from.send(code, encodeRequestComplete({ ...done, requestId }))
            }
          }
        },
      },
    })
    const { a, b } = createMemoryLinkPair()
    void server.attach(a)
    void whisper.attach(messenger.mail.guard(b))
    const isOver = () => events.some((e) => e.type === 'history' && e.change.type === 'done')
    for (let guard = 0; !isOver() && guard < 1_000; guard++) {
      await clock.advance(20)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(problems).toEqual([])
    expect(isOver()).toBe(true)
    expect(asked % requests.length, 'all pages of each request').toBe(0)

    const shown = events.flatMap((e) => (e.type === 'message' ? [e.message] : []))
    const recorded = p.final.stored_messages as VectorCase[]
    expect(recorded.length).toBeGreaterThan(3)
    expect(shown.map(({ id }) => id.slice(2)).sort()).toEqual(recorded.map((m) => m.message_id).sort())
    for (const { message_id, text, clock: lamport, content_type, author } of recorded) {
      const message = shown.find(({ id }) => id === `0x${message_id}`)
      expect(message).toMatchObject({ text, clock: BigInt(lamport), contentType: content_type })
      expect(message && equal(message.author, hex(author))).toBe(true)
    }
    // Hers that answers what the recorded Bob wrote in between, with keys of his own.
    expect(messenger.rejected().get('undecryptable') ?? 0).toBeLessThanOrEqual(1)
    await messenger.close()
    await Promise.all([whisper.close(), server.close()])
  })
})
