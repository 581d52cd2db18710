import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  type CommandState,
  MAX_IMAGE_BYTES,
  type Message,
  type MessageIdText,
  oneToOneChat,
  type Person,
  parseChat,
} from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'
import { describe, expect, it } from 'vitest'
import { imageIn, messageIdIn, stickerIn } from '../src/content-flags.ts'
import { answeredBy, historyLine, historyLines, messageLine } from '../src/message-line.ts'
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
    expect(historyLine(message({ ...own, delivery: 'failed', deliveryReason: 'blocked' }), names)).toBe(
      '2020-01-02 12:01 #status You: hello (failed: you have blocked them)',
    )
    const alone = { delivery: 'unaddressed', deliveryReason: 'nobody else has joined' } as const
    expect(historyLine(message({ ...own, ...alone }), names)).toBe(
      '2020-01-02 12:01 #status You: hello (for nobody: nobody else has joined)',
    )
    expect(historyLine(message({ timestampMs: 2n ** 62n }), names)).toMatch(/^-{10} --:-- /)
  })

  it('of an answer shows what it answers, if that was said in the same chat', async () => {
    const names = await namesWith(contact(bob, 'Bob'))
    const first = `0x${'cd'.repeat(32)}` as MessageIdText
    const question = message({
      id: first,
      own: true,
      author: carol,
      text: `Did\nyou see\u001b it? ${'x'.repeat(60)}`,
    })
    const answer = message({ text: 'yes', responseTo: first })
    const history = {
      message: async (id: MessageIdText) => (id === first ? question : undefined),
      blocked: async (): Promise<readonly Person[]> => [],
    }
    const answered = await answeredBy(history, answer)
    expect(messageLine(answer, names, answered)).toMatch(
      /Bob: yes \(answers you: "Did you see\ufffd it\? x{20}\.\.\."\)$/,
    )
    const other = { ...answer, chat: parseChat('#status').id }
    expect(await answeredBy(history, other), 'what is private is not quoted elsewhere').toBeUndefined()
    expect(messageLine(answer, names)).toMatch(/yes \(answers a message that is not here\)$/)
    expect(messageLine(answer, names, other)).toMatch(/\(answers a message that is not here\)$/)
    expect(await historyLines(history, [answer, message({})], names)).toEqual([
      expect.stringMatching(/answers you: "Did you/),
      expect.stringMatching(/Bob: hello$/),
    ])
    const blocking = { ...history, blocked: async () => [{ publicKey: carol, state: 'blocked' } as const] }
    expect(await answeredBy(blocking, answer), 'nor what is not read').toBeUndefined()
    const closed = { ...history, message: () => Promise.reject(new Error('closed')) }
    expect(await answeredBy(closed, answer)).toBeUndefined()
  })

  it.each([
    [{ kind: 'emoji' }, '(emoji)'],
    [{ kind: 'status' }, '(status)'],
    [{ kind: 'sticker', pack: 3, hash: 'e3'.repeat(30) }, '(sticker e3e3e3e3e3e3e3e3 of pack 3)'],
    [{ kind: 'image', imageType: 'image/png', bytes: 68 }, '(image/png, 68 bytes)'],
    [{ kind: 'unknown', type: 99 }, '(type 99)'],
  ] as const)('of a message with %j names it', async (content, words) => {
    const line = messageLine(message({ content }), await namesWith())
    expect(line.endsWith(`: hello ${words}`)).toBe(true)
  })
})

describe('what is said besides text', () => {
  const file = (name: string, bytes: Uint8Array): string => {
    const path = join(mkdtempSync(join(tmpdir(), 'status-image-')), name)
    writeFileSync(path, bytes)
    return path
  }

  it('is an image of a size that a message holds', () => {
    const path = file('a.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47))
    expect(imageIn(path, '--image')).toEqual({ kind: 'image', bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47) })
    const large = file('large.png', new Uint8Array(MAX_IMAGE_BYTES + 1).fill(0xff, 0, 3).fill(0xd8, 1, 2))
    expect(() => imageIn(large, '--image')).toThrow(
      /^--image: .*large.png has 300001 bytes; .* at most 300000/,
    )
    expect(() => imageIn('/nowhere.png', '--image')).toThrow(
      '--image: /nowhere.png cannot be read (ENOENT: no such file or directory)',
    )
    expect(() => imageIn(tmpdir(), '--image')).toThrow(/cannot be read \(EISDIR: .*\)$/)
  })

  it('is a sticker by its pack and hash', () => {
    expect(stickerIn('3:0xE3ab', '--sticker')).toEqual({ kind: 'sticker', pack: 3, hash: 'E3ab' })
    for (const wrong of ['', '3', '3:', ':ab', '3:xy', '2147483648:ab', `1:${'a'.repeat(258)}`])
      expect(() => stickerIn(wrong, '--sticker')).toThrow(
        /^--sticker: expected <pack>:<content hash in hex>, got "/,
      )
  })

  it('answers a message by its whole id', () => {
    expect(messageIdIn(`0x${'ab'.repeat(32)}`, '--reply-to')).toBe(`0x${'ab'.repeat(32)}`)
    expect(() => messageIdIn('0xab', '--reply-to')).toThrow(
      /^--reply-to: expected the id of a message .*got "0xab"$/,
    )
  })
})

describe('transaction commands', () => {
  it('say how far they are, and never that anything was paid', async () => {
    const hash = `0x${'ab'.repeat(32)}`
    const [address, signer] = ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', `0x${'12'.repeat(20)}`]
    const words = (state: CommandState) => {
      const content = { kind: 'command', command: 'request-transaction', state } as const
      return messageLine(message({ content }), names).replace(/^.*: hello/, '')
    }
    const names = await namesWith(contact(bob, 'Bob'))
    expect(words({ status: 'address-requested' })).toBe(' (waits for an address)')
    expect(words({ status: 'address-given', address })).toBe(` (the address ${address} was given)`)
    expect(words({ status: 'address-declined' })).toBe(' (no address was given)')
    expect(words({ status: 'transaction-requested' })).toBe(' (waits for the transaction)')
    expect(words({ status: 'transaction-declined' })).toBe(' (was refused)')
    const announced = { status: 'announced', transactionHash: hash } as const
    expect(words(announced)).toBe(` (transaction ${hash} announced, not checked; signature not verified)`)
    expect(words({ ...announced, signer })).toBe(
      ` (transaction ${hash} announced, not checked; signed by ${signer})`,
    )
  })
})
