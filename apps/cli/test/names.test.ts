import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import type { Messenger } from '@status-protocol/messenger'
import { describe, expect, it } from 'vitest'
import { groupAction, unquoted } from '../src/commands/group.ts'
import { checkedName, loadNames } from '../src/names.ts'

const bob = defaultProvider.publicKey(generatePrivateKey(defaultProvider, systemRandom))
const history = {
  contacts: async () => [
    { publicKey: bob, name: 'Bob', state: 'mutual' as const, addedMs: 0, usesRatchet: true },
  ],
  blocked: async () => [],
  groupNames: async () => new Map([['the-id', 'Big Walk']]),
}

describe('names of people and groups', () => {
  it('are found in any case; what is no name stays what it is', async () => {
    const names = await loadNames(history as never)
    expect(names.chatNamed('bOB')).toMatch(/^0x04/)
    expect(names.chatNamed('big walk')).toBe('the-id')
    for (const other of ['#bob', '0x04ab', 'zQ3sx', `a-0x04${'ab'.repeat(64)}`])
      expect(names.chatNamed(other)).toBe(other)
  })

  it('that nobody has: an error that says where to look', async () => {
    const names = await loadNames(history as never)
    expect(() => names.chatNamed('carol')).toThrow(/no group is called "carol": contacts and group list/)
    expect(() => names.chatNamed('carol')).toThrow(/a public chat is '#carol'$/)
    expect(() => names.chatNamed('')).toThrow(/^name somebody/)
    expect(() => checkedName('')).toThrow(/^name somebody/)
    expect(() => checkedName('#No')).toThrow(/a public chat is "#"/)
    for (const fine of ['carol', '#yes']) expect(checkedName(fine)).toBeUndefined()
  })

  it('cannot pass for what is a chat by itself', async () => {
    const key = `0x04${'ab'.repeat(64)}`
    const named = new Map([
      ['evil', '#status'],
      ['evil-too', key],
      ['evil-three', 'the-'],
    ])
    const names = await loadNames({ ...history, groupNames: async () => named } as never)
    for (const text of ['#status', key]) expect(names.chatNamed(text)).toBe(text)
    const groups = {
      list: async () => ['the-id', 'evil-three', 'evil-three-2'].map((id) => ({ id })),
    } as unknown as Messenger['groups']
    const view = async (id: string) => ({ id })
    const viewed = (text: string) =>
      groupAction({ groups: { ...groups, view } as never }, names, ['view', text])
    await expect(viewed('the-')).rejects.toThrow(/^2 groups have the name or the beginning of an id the-:/)
    expect(await viewed('evil-three')).toEqual([{ id: 'evil-three' }])
    expect(await viewed('the-i')).toEqual([{ id: 'the-id' }])
  })

  it('with spaces stand in quotes', () => {
    expect(unquoted(`kick "Big Walk" bob`)).toEqual(['kick', 'Big Walk', 'bob'])
    expect(unquoted(`create 'Big Walk'  bob`)).toEqual(['create', 'Big Walk', 'bob'])
    expect(unquoted('rename hiking it "is')).toEqual(['rename', 'hiking', 'it', '"is'])
  })
})

describe('status group', () => {
  const groups = { list: async () => [] } as unknown as Messenger['groups']
  it.each([
    [['frob'], /^group: expected list, view, create, .*rename, got "frob"$/],
    [['kick'], /^expected: group kick <group> <person> \(quotes/],
    [['view', ''], /^expected: group view <group>/],
    [['leave', ' '], /^expected: group leave <group>/],
    [['leave', 'one', 'two'], /^expected: group leave <group>/],
    [['rename', 'hiking'], /^expected: group rename <group> <name>/],
    [['create'], /^expected: group create <name>/],
    [['list', 'x'], /^expected: group list/],
    [['toString'], /^group: expected list, /],
    [['view', 'hiking'], /^there is no group "hiking": group list shows yours$/],
  ])('%j: one line that says what to do', async (words, says) => {
    const names = await loadNames(history as never)
    await expect(groupAction({ groups }, names, words)).rejects.toThrow(says)
  })
})
