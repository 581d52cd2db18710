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
    expect(await phone.installations()).toEqual([{ id: 'tablet', enabled: false }])
    await phone.setInstallationEnabled('tablet', true)
    const bytes = await phone.encrypt(phone.publicKey, utf8('sync'))
    expect(await tablet.decrypt(phone.publicKey, bytes)).toMatchObject({ ok: true, security: 'ratchet' })
    await expect(phone.setInstallationEnabled('watch', true)).rejects.toThrow(/installationId/)
    await phone.forget(phone.publicKey)
    expect(await phone.installations()).toEqual([])
  })

  it('refuses a key that is none and an id that is none', () => {
    const storage = createMemoryStorage()
    expect(() => createSecureChannel({ identity: new Uint8Array(32), installationId: 'a', storage })).toThrow(
      /identity: expected a secp256k1 private key of 32 bytes/,
    )
    expect(() => channel('none')).toThrow(/installationId: expected a text of 1 to 128 bytes/)
  })
})
