/** ARCHITECTURE.md, "Who may say what": each line with a case that is accepted and those that are not. */
import { to0xHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { CHAT_MESSAGE_TYPES, chatMessage, oneToOneChatId, wrap, wrapPayload } from '@status-protocol/payload'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { parseChat } from '../src/chat.ts'
import { judge, type Source } from '../src/inbound.ts'

const random = seededRandom(1)
const person = () => {
  const privateKey = random.bytes(32)
  return { privateKey, publicKey: crypto.publicKey(privateKey) }
}
const [alice, bob, eve] = [person(), person(), person()]
const NOW = 1_580_000_000
const publicSource: Source = { kind: 'public', chat: parseChat('#status') as never }
const privateSource: Source = { kind: 'private' }

const text = (chatId: string, more: Partial<Parameters<typeof chatMessage>[0]> = {}) =>
  chatMessage({ chatId, text: 'hello', clock: NOW * 1000, timestamp: NOW * 1000, ...more })

/** What Bob makes of it. */
function judged(payload: Uint8Array, source: Source, signer: Uint8Array | undefined = alice.publicKey) {
  const received = { payload, sentUnixSeconds: NOW, ...(signer && { signer }) }
  const judgement = judge(received, source, { self: bob.publicKey, nowMs: NOW * 1000, crypto })
  return judgement.ok ? { chat: judgement.chat.id, text: judgement.message.text } : judgement.reason
}

describe('a public chat', () => {
  it('takes what its author signed twice', () => {
    expect(judged(wrap(text('status'), alice), publicSource)).toEqual({ chat: '#status', text: 'hello' })
  })
  it('drops what nobody signed', () => {
    const payload = wrap(text('status'), alice)
    const received = { payload, sentUnixSeconds: NOW }
    expect(judge(received, publicSource, { self: bob.publicKey, nowMs: NOW * 1000, crypto })).toMatchObject({
      reason: 'unsigned-envelope',
    })
    expect(judged(wrap(text('status'), 'unsigned'), publicSource)).toBe('unsigned-message')
  })
  it('drops what somebody else repeats under their own envelope', () => {
    expect(judged(wrap(text('status'), alice), publicSource, eve.publicKey)).toBe('author-mismatch')
  })
  it('drops what names another chat, or is no public message', () => {
    expect(judged(wrap(text('other'), alice), publicSource)).toBe('wrong-chat')
    expect(judged(wrap(text(oneToOneChatId(bob.publicKey)), alice), publicSource)).toBe('wrong-chat')
    const asPrivate = text('status', { messageType: CHAT_MESSAGE_TYPES.oneToOne })
    expect(judged(wrap(asPrivate, alice), publicSource)).toBe('wrong-chat')
  })
})

describe('a private chat', () => {
  const toBob = text(oneToOneChatId(bob.publicKey))
  it('takes what names us, under its author', () => {
    expect(judged(wrap(toBob, alice), privateSource)).toEqual({
      chat: to0xHex(alice.publicKey),
      text: 'hello',
    })
  })
  it('drops what names somebody else: forwarded, or replayed to us', () => {
    expect(judged(wrap(text(oneToOneChatId(eve.publicKey)), alice), privateSource)).toBe('wrong-chat')
  })
  it('drops a public or group message that comes by the private way', () => {
    expect(judged(wrap(text('status'), alice), privateSource)).toBe('wrong-chat')
    const asPublic = text(oneToOneChatId(bob.publicKey), { messageType: CHAT_MESSAGE_TYPES.publicGroup })
    expect(judged(wrap(asPublic, alice), privateSource)).toBe('wrong-chat')
  })
  it('drops what Eve sends on in her envelope', () => {
    expect(judged(wrap(toBob, alice), privateSource, eve.publicKey)).toBe('author-mismatch')
  })
})

describe('any chat', () => {
  it('drops what is not understood, and never throws', () => {
    expect(judged(random.bytes(40), publicSource)).toBe('not-understood')
    expect(judged(new Uint8Array(), publicSource)).toMatch(/unsigned-message|not-understood/)
    expect(judged(wrapPayload(random.bytes(3), 77, alice), publicSource)).toEqual({
      chat: '#status',
      text: 'message of type 77, which this version does not know',
    })
    expect(judged(wrapPayload(random.bytes(3), 77, alice), publicSource, eve.publicKey)).toBe(
      'author-mismatch',
    )
    expect(judged(wrapPayload(new Uint8Array(), 2, alice), publicSource)).toBe('unsupported-type')
    for (let i = 0; i < 2000; i++)
      judged(random.bytes(random.int(200)), random.pick([publicSource, privateSource]))
  })
  it('drops what the rules of payloads forbid, with their word for it', () => {
    expect(judged(wrap(text('status', { clock: 0 }), alice), publicSource)).toBe('clock-zero')
    expect(judged(wrap(text('status', { text: ' \n' }), alice), publicSource)).toBe('text-empty')
  })
})
