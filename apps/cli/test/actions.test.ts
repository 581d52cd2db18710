/** What `status contacts` and `status chats` make of the words of a person, without a network. */
import type { PublicKey } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  type Chat,
  type ChatState,
  type Group,
  type Messenger,
  oneToOneChat,
  parseChat,
} from '@status-protocol/messenger'
import { describe, expect, it } from 'vitest'
import { chatLines } from '../src/chat-line.ts'
import { chatAction } from '../src/commands/chats.ts'
import { contactAction } from '../src/commands/contact-actions.ts'
import { contactLines } from '../src/commands/contacts.ts'
import { groupLines, groupNoteText } from '../src/group-line.ts'
import { loadNames, parseOther } from '../src/names.ts'
import { groupNoteView } from '../src/serve/group-view.ts'
import { columns } from '../src/table.ts'

const [self, bob, carol] = [6, 7, 8].map((byte) => crypto.publicKey(new Uint8Array(32).fill(byte))) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const person = (publicKey: Uint8Array, name: string, state: 'mutual' | 'blocked') => ({
  ...{ publicKey, name, state, addedAtMs: 1, usesRatchet: false },
})
const history = {
  contacts: async () => [person(bob, 'Big Bob', 'mutual')],
  contactRequests: async () => [],
  blocked: async () => [person(carol, 'Carol', 'blocked')],
  groupNames: async () => new Map(),
}

/** What was called, and with what. */
function recorder(): { readonly messenger: Messenger; readonly calls: unknown[][] } {
  const calls: unknown[][] = []
  const known: Record<string, unknown> = {
    publicKey: self,
    ...history,
    chats: async () => [parseChat('#builds'), oneToOneChat(bob)],
    isContactsOnly: async () => true,
  }
  const messenger = new Proxy(known, {
    get: (target, name: string) =>
      target[name] ??
      (async (...args: unknown[]) => {
        calls.push([name, ...args])
      }),
  })
  return { messenger: messenger as unknown as Messenger, calls }
}

describe('status contacts', () => {
  it.each([
    [['request', 'big bob'], ['requestContact', bob, undefined], true],
    [['accept', oneToOneChat(carol).id, 'My', 'Carol'], ['acceptContact', carol, 'My Carol'], true],
    [['decline', 'Carol'], ['dismissContact', carol], false],
    [['dismiss', 'Carol'], ['dismissContact', carol], false],
    [['block', 'Big Bob'], ['block', bob], false],
    [['unblock', 'carol'], ['unblock', carol], false],
    [['remove', 'Big Bob'], ['removeContact', bob], false],
    [['security', 'Big Bob', 'dh'], ['setSecurity', bob, 'dh'], false],
    [['security', 'Big Bob', 'default'], ['setSecurity', bob, undefined], false],
    [['only', 'off'], ['setContactsOnly', false], false],
  ])('%j', async (words, call, isTold) => {
    const { messenger, calls } = recorder()
    expect(await contactAction(messenger, await loadNames(history), words)).toMatchObject({ isTold })
    expect(calls).toEqual([call])
  })

  it.each([
    [['frob'], /^contacts: expected list, add, .*only, got "frob"$/],
    [['block'], /^expected: contacts block <person> /],
    [['block', 'Big', 'Bob'], /^expected: contacts block <person> .*quotes make one name/],
    [['block', 'Dave'], /^nobody you know and no group is called "Dave"/],
    [['block', '#builds'], /^expected a public key .*, got "#builds"$/],
    [
      ['security', 'Big Bob', 'strong'],
      /^security <person>: expected ratchet, dh, whisper, default, got "strong"$/,
    ],
    [['only', 'perhaps'], /^only: expected on or off, got "perhaps"$/],
    [['__proto__', 'Carol'], /^contacts: expected list/],
    [['request', 'Carol', '#ci'], /^expected a name of 1 to 100 characters .*, got "#ci"$/],
    [['request', 'Carol', 'y'.repeat(101)], /^expected a name of 1 to 100 characters/],
    [['request', 'Carol', ' '], /^expected a name of 1 to 100 characters .*, got ""$/],
  ])('%j: one line that says what to do', async (words, says) => {
    const { messenger, calls } = recorder()
    await expect(contactAction(messenger, await loadNames(history), words)).rejects.toThrow(says)
    expect(calls).toEqual([])
  })

  it('lists people in columns, those who are blocked by their names too', async () => {
    const lines = await contactLines(history)
    expect(lines).toEqual([
      expect.stringMatching(/^Big Bob {2}contacts of each other {2}\w+ \w+ \w+ +zQ3s\w{45}$/),
      expect.stringMatching(/^Carol {4}blocked {17}\w+ \w+ \w+ +zQ3s\w{45}$/),
    ])
  })
})

describe('status chats', () => {
  it.each([
    [
      ['mute', '#builds'],
      ['mute', '#builds'],
    ],
    [
      ['mute', 'Carol'],
      ['mute', oneToOneChat(carol).id],
    ],
    [
      ['unmute', 'Big Bob'],
      ['unmute', oneToOneChat(bob).id],
    ],
    [
      ['archive', '#builds'],
      ['setArchived', '#builds', true],
    ],
    [
      ['unarchive', '#builds'],
      ['setArchived', '#builds', false],
    ],
    [
      ['seen', '#builds'],
      ['markSeen', '#builds'],
    ],
    [
      ['join', '#other'],
      ['join', '#other'],
    ],
    [
      ['leave', '#builds'],
      ['leave', '#builds'],
    ],
    [
      ['deniable', 'Big Bob', 'on'],
      ['setDeniable', oneToOneChat(bob).id, true],
    ],
  ])('%j', async (words, call) => {
    const { messenger, calls } = recorder()
    await chatAction(messenger, await loadNames(history), words)
    expect(calls).toEqual([call])
  })

  it.each([
    [['frob'], /^chats: expected list, join, .*deniable, got "frob"$/],
    [['mute'], /^expected: chats mute <chat or person>/],
    [['mute', 'Big', 'Bob'], /quotes make one name/],
    [['mute', '#build'], /^#build is none of your chats: chats lists them$/],
    [['deniable', 'Big Bob'], /^deniable <person>: expected on or off, got nothing$/],
  ])('%j: one line that says what to do', async (words, says) => {
    const { messenger, calls } = recorder()
    await expect(chatAction(messenger, await loadNames(history), words)).rejects.toThrow(says)
    expect(calls).toEqual([])
  })

  it('lists what each chat is called and how it stands, safe for a terminal', async () => {
    const names = await loadNames(history)
    const state = { unread: 0, muted: false, archived: false, lastClock: 1n }
    const states: ChatState[] = [
      { ...state, chat: parseChat('#builds'), unread: 12, archived: true },
      { ...state, chat: oneToOneChat(bob), muted: true, deniable: true },
    ]
    expect(chatLines(states, names)).toEqual([
      '#builds                    12 unread, archived',
      expect.stringMatching(/^Big Bob {2}zQ3s\w{3}\.\.\.\w{6} {2}muted, deniable$/),
    ])
    const group = {
      ...{ id: 'g1', name: 'Fr\u202e', warnings: ['bidi', 'look-alike'], membership: 'invited', members: [] },
      ...{ rejected: [], diverged: [] },
    } as unknown as Group
    const chat = { kind: 'group', id: 'g1' } as unknown as Chat
    const [line] = chatLines([{ ...state, chat }], { ofChat: () => 'Fr\ufffd' }, [group])
    expect(line).toMatch(
      /^Fr\ufffd {2}g1 {2}you are invited: accept or decline \(has characters .*\) \(this name can be taken for that of another group/,
    )
    expect(groupLines(group, names)[0]).toMatch(
      /^Fr\ufffd \(you are invited\) \(has characters .*\) \(this name.* g1$/,
    )
    const by = bob as PublicKey
    const warnings = ['look-alike'] as const
    for (const note of [
      { type: 'created', by, name: 'x', warnings },
      { type: 'invited', by, members: [], name: 'x', warnings },
      { type: 'renamed', by, name: 'x', warnings },
    ] as const) {
      expect(groupNoteText(note, names)).toMatch(/\(this name can be taken for that of another group/)
      expect(groupNoteView(note)).toMatchObject({ warnings: ['look-alike'] })
    }
    expect(chatLines([], names)).toEqual([expect.stringMatching(/^No chats yet/)])
  })
})

describe('columns', () => {
  it('are as wide as they need to be; what is empty everywhere is not there', () => {
    expect(columns([])).toEqual([])
    expect(
      columns([
        ['a', '', 'x'],
        ['\u{1f600}bc', '', ''],
      ]),
    ).toEqual(['a    x', '\u{1f600}bc'])
  })
})

describe('a key that somebody gives', () => {
  it.each([
    ['bob', /^publicKey: expected a public key \(0x04 and 128 hex digits, or zQ3s\.\.\.\), got "bob"$/],
    ['', /^publicKey: expected a public key .*, got ""$/],
    ['0x04ab', /^publicKey: expected a public key .*, got "0x04ab"$/],
    ['x'.repeat(500), /got "x{37}\.\.\."$/],
    [
      `9051eb8f-e718-423a-b7d4-0bb15b2de4db-${oneToOneChat(bob).id}`,
      /^publicKey: .*, got the id of a group$/,
    ],
    [oneToOneChat(self).id, /^publicKey: expected the public key of somebody else, got our own$/],
  ])('%s is none: what was expected and what came is said', (text, says) => {
    expect(() => parseOther(text, self, 'publicKey')).toThrow(says)
  })
})
