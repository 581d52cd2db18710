import { defaultProvider as crypto } from '@status-protocol/crypto'
import { type Message, type MessageIdText, oneToOneChat, parseChat } from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'
import { describe, expect, it } from 'vitest'
import { historyLine, messageLine } from '../src/message-line.ts'
import { loadNames, parsePerson } from '../src/names.ts'

const [bob, carol] = [7, 8].map((byte) => crypto.publicKey(new Uint8Array(32).fill(byte))) as [
  Uint8Array,
  Uint8Array,
]
const key = (publicKey: Uint8Array) => oneToOneChat(publicKey).id
const contact = (publicKey: Uint8Array, name?: string) => ({
  publicKey,
  addedAtMs: 1,
  usesRatchet: false,
  state: 'none' as const,
  ...(name ? { name } : {}),
})
const namesWith = (...contacts: ReturnType<typeof contact>[]) =>
  loadNames({ contacts: async () => contacts, blocked: async () => [], groupNames: async () => new Map() })

function message(more: Partial<Message>): Message {
  const noon = new Date(2020, 0, 2, 12, 1)
  return {
    ...{ id: `0x${'ab'.repeat(32)}` as MessageIdText, chat: key(bob), author: bob, text: 'hello', clock: 5n },
    ...{ timestampMs: BigInt(noon.getTime()), contentType: 1, own: false, security: 'ratchet' },
    ...more,
  }
}

describe('names', () => {
  it('are those that you gave, else the three words', async () => {
    const names = await namesWith(contact(bob, 'Bob'), contact(carol))
    expect(names.of(bob)).toBe('Bob')
    expect(names.of(carol)).toBe(threeWordName(carol))
  })

  it('lead to chats, whatever their case; keys and public chats stay as they are', async () => {
    const names = await namesWith(contact(bob, 'Bob'))
    expect(names.chatNamed('bob')).toBe(key(bob))
    for (const text of ['#status', key(carol)]) expect(names.chatNamed(text)).toBe(text)
    expect(() => names.chatNamed('dave')).toThrow('nobody you know and no group is called "dave"')
  })

  it('that several persons have lead nowhere', async () => {
    const names = await namesWith(contact(bob, 'Bob'), contact(carol, 'bob'))
    expect(() => names.chatNamed('Bob')).toThrow('2 contacts are called Bob')
  })

  it('cannot take over the terminal', async () => {
    expect((await namesWith(contact(bob, 'B\u001b[2Job'))).of(bob)).toBe('B\ufffd[2Job')
  })

  it('are not needed for a person: any form of a key will do, a public chat will not', () => {
    expect(parsePerson(key(bob))).toEqual(bob)
    expect(() => parsePerson('#status')).toThrow(/^expected a public key \(.*\), got "#status"$/)
  })
})

describe('a line for a message', () => {
  it('of a public chat has no lock', async () => {
    const names = await namesWith()
    const line = messageLine(message({ chat: parseChat('#status').id, security: 'whisper' }), names)
    expect(line).toBe(`12:01 #status ${threeWordName(bob)}: hello`)
  })

  it('of a private chat shows how secure it is, and a downgrade in words', async () => {
    const names = await namesWith(contact(bob, 'Bob'))
    expect(messageLine(message({}), names)).toBe('12:01 \u{1f512} (private) Bob: hello')
    for (const security of ['dh', 'whisper'] as const)
      expect(messageLine(message({ security }), names)).toBe('12:01 \u{1f513} (private) Bob: hello')
    expect(messageLine(message({ security: 'dh', downgraded: true }), names)).toBe(
      '12:01 \u{1f513} (private) Bob: hello (downgraded: less secure than what this person wrote before)',
    )
  })

  it('of history says the day, and what has not arrived', async () => {
    const names = await namesWith()
    const own = { own: true, chat: parseChat('#status').id } as const
    expect(historyLine(message({ ...own, delivery: 'relayed' }), names)).toBe(
      '2020-01-02 12:01 #status You: hello',
    )
    expect(historyLine(message({ ...own, delivery: 'failed' }), names)).toBe(
      '2020-01-02 12:01 #status You: hello (failed)',
    )
    expect(historyLine(message({ timestampMs: 2n ** 62n }), names)).toMatch(/^-{10} --:-- /)
  })
})
