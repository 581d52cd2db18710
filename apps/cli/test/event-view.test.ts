import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  type HistoryChange,
  type Message,
  type MessageIdText,
  oneToOneChat,
} from '@status-protocol/messenger'
import { stringify } from '@status-protocol/rpc'
import { threeWordName } from '@status-protocol/trust'
import { describe, expect, it } from 'vitest'
import { eventView } from '../src/serve/event-view.ts'
import { NOTIFICATIONS } from '../src/serve/notifications.ts'

const author = crypto.publicKey(new Uint8Array(32).fill(7))
const chat = oneToOneChat(author).id
const id = `0x${'ab'.repeat(32)}` as MessageIdText
const message: Message = {
  ...{ id, chat, author, text: 'hi', clock: 5n, timestampMs: 5n, contentType: 1, own: false, security: 'dh' },
  downgraded: true,
}

/** As it is on the wire, checked by its declaration. */
function told(event: Parameters<typeof eventView>[0]) {
  const params: unknown = JSON.parse(stringify(eventView(event)) as string)
  expect(NOTIFICATIONS[event.type].params.safeParse(params).error).toBeUndefined()
  return params
}

describe('events as notifications', () => {
  it('a message', () => {
    const event = { type: 'message', chat, message, security: 'dh', late: true, seq: 9n } as const
    expect(told(event)).toMatchObject({
      chat,
      messageId: id,
      downgraded: true,
      clock: '5',
      late: true,
      seq: '9',
    })
  })

  it('what was written on another device of ours', () => {
    const event = { type: 'delivery', chat, messageId: id, state: 'relayed', seq: 2n } as const
    expect(told({ ...event, elsewhere: true, late: true })).toEqual({
      ...{ chat, messageId: id, to: chat, state: 'relayed', elsewhere: true, late: true, seq: '2' },
    })
  })

  it('a delivery: to a person, and to all', () => {
    const event = { type: 'delivery', chat, messageId: id, state: 'failed', reason: 'why', seq: 2n } as const
    expect(told({ ...event, to: author })).toEqual({
      ...{ chat, messageId: id, to: chat, state: 'failed', reason: 'why', seq: '2' },
    })
    expect(told(event)).toMatchObject({ to: chat })
  })

  it('how fetching history goes', () => {
    const counts = { messages: 1, envelopes: 2, bytes: 300 }
    const tell = (change: HistoryChange) => told({ type: 'history', change, seq: 4n })
    const range = { fromUnixSeconds: 1, toUnixSeconds: 9 }
    expect(tell({ type: 'started', topics: 3, servers: 2, ...range })).toEqual({
      ...{ change: 'started', topics: 3, servers: 2, from: 1, to: 9, seq: '4' },
    })
    expect(tell({ type: 'progress', fraction: 0.5, remainingMs: 10, ...counts })).toEqual({
      ...{ change: 'progress', fraction: 0.5, remainingMs: 10, ...counts, seq: '4' },
    })
    expect(tell({ type: 'server-failed', server: new Uint8Array(2), reason: 'why' })).toEqual({
      ...{ change: 'server-failed', server: '0x0000', reason: 'why', seq: '4' },
    })
    expect(tell({ type: 'done', ...counts })).toEqual({ change: 'done', ...counts, seq: '4' })
    expect(tell({ type: 'failed', reason: 'why', missing: [range], ...counts })).toEqual({
      ...{ change: 'failed', reason: 'why', missing: [{ from: 1, to: 9 }], ...counts, seq: '4' },
    })
  })

  it('a change of a group', () => {
    const group = `01234567-89ab-4cde-8f01-23456789abcd-${chat}` as typeof chat
    const event = { type: 'group', chat: group, seq: 4n } as const
    const change = { type: 'kicked', by: author, members: [author] } as const
    expect(told({ ...event, change })).toEqual({
      ...{ group, change: 'kicked', by: chat, members: [chat], seq: '4' },
    })
    expect(told({ ...event, change: { type: 'diverged', with: author } })).toMatchObject({ with: chat })
  })

  it('where we stand with a person, and what they say of themselves', () => {
    const threeWords = threeWordName(author)
    const person = { publicKey: chat, threeWordName: threeWords, seq: '4' }
    const state = { kind: 'state', before: 'none', state: 'received', by: 'them' } as const
    const profile = { kind: 'profile', name: 'Bob', hasPicture: true, warnings: ['look-alike'] } as const
    const generation = { kind: 'generation', generation: 'v0.36' } as const
    for (const change of [state, profile, generation, { kind: 'not-understood' } as const])
      expect(told({ type: 'contact', publicKey: author, change, seq: 4n })).toEqual({ ...person, ...change })
  })

  it('something that no key opens', () => {
    const event = {
      type: 'undecryptable',
      from: author,
      reason: 'no-session',
      healing: true,
      seq: 3n,
    } as const
    expect(told(event)).toEqual({ from: chat, reason: 'no-session', healing: true, seq: '3' })
  })

  it('a chat was seen', () => {
    const state = { unread: 2, muted: false, archived: true }
    expect(told({ type: 'chat', chat, ...state, seq: 5n })).toEqual({ chat, ...state, seq: '5' })
  })

  it('a transaction command', () => {
    const command = { chat, messageId: id, answer: id, own: false } as const
    const state = { status: 'announced', transactionHash: id, signer: '0x12' } as const
    expect(told({ type: 'command', ...command, state, seq: 5n })).toEqual({ ...command, state, seq: '5' })
  })

  it('a device', () => {
    const device = { installationId: 'a-device', change: 'new', enabled: false } as const
    expect(told({ type: 'device', of: author, ...device, seq: 4n })).toEqual({
      publicKey: chat,
      ...device,
      seq: '4',
    })
  })
})
