import { utf8 } from '@status-protocol/bytes'
import { createSecureChannel, type Decrypted } from '@status-protocol/double-ratchet'
import type { Change, Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { contents } from './support/party.ts'

const random = seededRandom(21)

function channel(
  installationId: string,
  storage: Storage = createMemoryStorage(),
  identity = random.bytes(32),
) {
  const clock = { wallMs: () => 1_577_836_800_000 }
  return createSecureChannel({ identity, installationId, storage, random, clock })
}

function textOf(result: Decrypted): string {
  return result.ok ? new TextDecoder().decode(result.plaintext) : `(${result.reason})`
}

describe('createSecureChannel', () => {
  it('carries messages both ways: DH first, then the ratchet', async () => {
    const [alice, bob] = [channel('a'), channel('b')]
    const first = await bob.decrypt(alice.publicKey, await alice.encrypt(bob.publicKey, utf8('hello')))
    expect(first).toMatchObject({ ok: true, security: 'dh' })
    expect(first.news).toEqual([{ type: 'installation', installationId: 'a', change: 'new', enabled: true }])
    const second = await alice.decrypt(bob.publicKey, await bob.encrypt(alice.publicKey, utf8('hi')))
    expect(second).toMatchObject({ ok: true, security: 'ratchet' })
    expect(textOf(second)).toBe('hi')
  })

  it('tells why a message does not open, and does not throw', async () => {
    const [alice, bob, carol] = [channel('a'), channel('b'), channel('c')]
    const bytes = await alice.encrypt(bob.publicKey, utf8('for bob'))
    expect(await carol.decrypt(alice.publicKey, bytes)).toMatchObject({ ok: false, reason: 'not-authentic' })
    expect(await bob.decrypt(alice.publicKey, utf8('junk'))).toMatchObject({
      ok: false,
      reason: 'malformed',
      news: [],
    })
  })

  it('opens a message again until it is confirmed', async () => {
    const [alice, bob] = [channel('a'), channel('b')]
    await bob.decrypt(alice.publicKey, await alice.contactCode())
    const bytes = await bob.encrypt(alice.publicKey, utf8('once'))
    const result = await alice.decrypt(bob.publicKey, bytes)
    expect(textOf(await alice.decrypt(bob.publicKey, bytes))).toBe('once')
    if (!result.ok) throw new Error(result.reason)
    await result.confirm()
    await result.confirm()
    expect(textOf(await alice.decrypt(bob.publicKey, bytes))).toBe('(key-gone)')
  })

  it('goes on from its store, and never uses a key twice when calls overlap', async () => {
    const [storage, identity] = [createMemoryStorage(), random.bytes(32)]
    const [before, bob] = [channel('a', storage, identity), channel('b')]
    await before.decrypt(bob.publicKey, await bob.contactCode())
    const texts = Array.from({ length: 20 }, (_, i) => `${i}`)
    const messages = await Promise.all(texts.map((text) => before.encrypt(bob.publicKey, utf8(text))))
    const after = channel('a', storage, identity)
    messages.push(await after.encrypt(bob.publicKey, utf8('after')))
    const read = await Promise.all(messages.map((bytes) => bob.decrypt(after.publicKey, bytes)))
    expect(read.map(textOf)).toEqual([...texts, 'after'])
    for (const result of read) if (result.ok) await result.confirm()
    const again = await Promise.all(messages.map((bytes) => bob.decrypt(after.publicKey, bytes)))
    expect(new Set(again.map(textOf))).toEqual(new Set(['(key-gone)']))
  })

  it('hands out nothing that was not committed, and goes on after a failed commit', async () => {
    const storage = createMemoryStorage()
    let failing = false
    const commit = (changes: readonly Change[]) =>
      failing ? Promise.reject(new Error('the disk is full')) : storage.commit(changes)
    const flaky: Storage = { get: storage.get.bind(storage), range: storage.range.bind(storage), commit }
    const [alice, bob] = [channel('a', flaky), channel('b')]
    await alice.decrypt(bob.publicKey, await bob.contactCode())
    const before = await contents(storage)
    failing = true
    await expect(alice.encrypt(bob.publicKey, utf8('lost'))).rejects.toThrow('the disk is full')
    expect(await contents(storage)).toBe(before)
    failing = false
    const bytes = await alice.encrypt(bob.publicKey, utf8('kept'))
    expect(textOf(await bob.decrypt(alice.publicKey, bytes))).toBe('kept')
  })

  it('pairs own installations', async () => {
    const identity = random.bytes(32)
    const [phone, tablet] = [channel('phone', undefined, identity), channel('tablet', undefined, identity)]
    await phone.decrypt(tablet.publicKey, await tablet.contactCode())
    expect(await phone.installations()).toMatchObject([{ id: 'tablet', enabled: false, stale: false }])
    await phone.setInstallationEnabled('tablet', true)
    const bytes = await phone.encrypt(phone.publicKey, utf8('sync'))
    expect(await tablet.decrypt(phone.publicKey, bytes)).toMatchObject({ ok: true, security: 'ratchet' })
    await expect(phone.setInstallationEnabled('watch', true)).rejects.toThrow(/installationId/)
    await phone.forget(phone.publicKey)
    expect(await phone.installations()).toEqual([])
  })

  it('stores the plaintext and deletes its key in one commit', async () => {
    const storage = createMemoryStorage()
    const commits: (readonly Change[])[] = []
    let failing = false
    const counting: Storage = {
      get: storage.get.bind(storage),
      range: storage.range.bind(storage),
      commit(changes) {
        commits.push(changes)
        return failing ? Promise.reject(new Error('power is gone')) : storage.commit(changes)
      },
    }
    const [alice, bob] = [channel('a'), channel('b', counting)]
    await alice.decrypt(bob.publicKey, await bob.contactCode())
    const bytes = await alice.encrypt(bob.publicKey, utf8('keep me'))
    const store = ({ plaintext }: { readonly plaintext: Uint8Array }): readonly Change[] => [
      { put: ['messages', utf8('1'), plaintext] },
    ]
    failing = true
    await expect(bob.decrypt(alice.publicKey, bytes, { store })).rejects.toThrow('power is gone')
    expect(await storage.get('messages', utf8('1'))).toBeUndefined()
    failing = false
    commits.length = 0
    const result = await bob.decrypt(alice.publicKey, bytes, { store })
    expect(textOf(result)).toBe('keep me')
    expect(commits).toHaveLength(1)
    expect(await storage.get('messages', utf8('1'))).toEqual(utf8('keep me'))
    if (result.ok) await result.confirm()
    expect(commits).toHaveLength(1)
    expect(textOf(await bob.decrypt(alice.publicKey, bytes, { store }))).toBe('(key-gone)')
  })

  it('gives an answer to what it cannot read', async () => {
    const identity = random.bytes(32)
    const [alice, former, bob] = [
      channel('a'),
      channel('b1', undefined, identity),
      channel('b2', undefined, identity),
    ]
    await alice.decrypt(former.publicKey, await former.contactCode())
    const refused = await bob.decrypt(alice.publicKey, await alice.encrypt(bob.publicKey, utf8('for b1')))
    if (refused.ok || !refused.answer) throw new Error('a refusal with an answer')
    const read = await alice.decrypt(bob.publicKey, refused.answer)
    expect(read).toMatchObject({ ok: true, plaintext: new Uint8Array(0), downgraded: false })
    const next = await alice.encrypt(bob.publicKey, utf8('for both'))
    expect(textOf(await bob.decrypt(alice.publicKey, next))).toBe('for both')
  })

  it('erases once a day what is over, and keeps whom it is told to keep', async () => {
    const storage = createMemoryStorage()
    let nowMs = 1_577_836_800_000
    const kept: string[] = []
    const alice = createSecureChannel({
      identity: random.bytes(32),
      installationId: 'a',
      storage,
      random,
      clock: { wallMs: () => nowMs },
      isKept: (peer) => kept.push(String(peer)) > 0,
    })
    const bob = channel('b')
    await alice.contactCode()
    await alice.decrypt(bob.publicKey, await bob.contactCode())
    expect(kept).toEqual([])
    nowMs += 24 * 3_600_000
    await alice.contactCode()
    expect(kept).toEqual([String(bob.publicKey)])
    await alice.contactCode()
    expect(kept).toHaveLength(1)
  })

  it('shows what a person calls an installation', async () => {
    const [alice, bob] = [channel('a'), channel('b')]
    await alice.decrypt(bob.publicKey, await bob.contactCode())
    await alice.setInstallationMetadata('b', { name: 'Bob', deviceType: '' }, bob.publicKey)
    expect(await alice.installations(bob.publicKey)).toEqual([
      { id: 'b', enabled: true, stale: false, seenMs: 1_577_836_800_000, name: 'Bob' },
    ])
  })

  it('refuses a key that is none and an id that is none', () => {
    const storage = createMemoryStorage()
    expect(() => createSecureChannel({ identity: new Uint8Array(32), installationId: 'a', storage })).toThrow(
      /identity: expected a secp256k1 private key of 32 bytes/,
    )
    expect(() => channel('none')).toThrow(/installationId: expected a text of 1 to 128 bytes/)
  })
})
