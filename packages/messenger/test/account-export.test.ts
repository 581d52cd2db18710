/** An account with its history as one sealed stream: whole, or an error. */
import { concat, utf8 } from '@status-protocol/bytes'
import { INSTALLATIONS_TABLE, OWN_TABLE } from '@status-protocol/double-ratchet'
import { exportAccount, importAccount, openHistory } from '@status-protocol/messenger'
import { SYNC_TABLES } from '@status-protocol/mvds'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { mutate, seededRandom } from '@status-protocol/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { openStream, sealStream } from '../src/transfer/sealed-stream.ts'
import { quickCrypto as crypto, type Person, textsHeard, World } from './support/world.ts'

const random = seededRandom(9)
const sealing = { password: 'correct horse', crypto, random, cost: 10 }

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const some of stream) all.push(some)
  return concat(...all)
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const opened = (bytes: Uint8Array, password = sealing.password, size = 1000) =>
  bytesOf(openStream(inPieces(bytes, size), { password, crypto }))

describe('a sealed stream', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 200_000])('%i bytes come out as they went in', async (length) => {
    const plain = random.bytes(length)
    const sealed = await bytesOf(sealStream(inPieces(plain, 7_000), sealing))
    expect(sealed.length - length).toBe(58 + 20 * Math.max(1, Math.ceil(length / 65_536)))
    for (const size of [1_000, 100_000])
      expect((await opened(sealed, undefined, size)).join() === plain.join()).toBe(true)
  })

  it('every flipped byte, missing end, swapped or repeated piece is an error', async () => {
    const sealed = await bytesOf(sealStream(inPieces(random.bytes(131_100), 50_000), sealing))
    const codes = new Set<string>()
    const fails = async (bytes: Uint8Array, what: string): Promise<void> => {
      const error = await opened(bytes).then(
        () => undefined,
        (reason: { code: string }) => reason,
      )
      expect(error?.code, what).toMatch(/^(not-an-export|too-new|wrong-password|damaged-export)$/)
      codes.add(error?.code ?? '')
    }
    const places = [
      ...Array(80).keys(),
      ...Array.from({ length: 40 }, () => random.int(sealed.length)),
      sealed.length - 1,
    ]
    for (const at of places)
      await fails(
        sealed.map((byte, i) => (i === at ? byte ^ 2 : byte)),
        `flipped ${at}`,
      )
    const piece = (n: number) =>
      sealed.subarray(58 + n * 65_556, Math.min(sealed.length, 58 + (n + 1) * 65_556))
    const head = sealed.subarray(0, 58)
    for (const [what, bytes] of Object.entries({
      nothing: new Uint8Array(0),
      'the head alone': head,
      'without its end': concat(head, piece(0), piece(1)),
      'cut within': sealed.subarray(0, -1),
      swapped: concat(head, piece(1), piece(0), piece(2)),
      repeated: concat(head, piece(0), piece(0), piece(1), piece(2)),
      'left out': concat(head, piece(0), piece(2)),
      'more behind it': concat(sealed, Uint8Array.of(0)),
    }))
      await fails(bytes, what)
    expect([...codes].sort()).toEqual(['damaged-export', 'not-an-export', 'too-new', 'wrong-password'])
  })

  it('another password is told as such', async () => {
    const sealed = await bytesOf(sealStream(inPieces(utf8('hello'), 5), sealing))
    await expect(opened(sealed, 'battery staple')).rejects.toMatchObject({ code: 'wrong-password' })
    expect(String(await opened(sealed, 'x').catch((e: unknown) => e))).not.toContain('staple')
  })

  it('asks for no more memory than its own cost', async () => {
    const sealed = await bytesOf(sealStream(inPieces(utf8('hello'), 5), sealing))
    for (const cost of [0, 9, 19, 30, 255]) {
      const asked = sealed.map((byte, i) => (i === 9 ? cost : byte))
      await expect(opened(asked)).rejects.toMatchObject({ code: 'damaged-export' })
    }
  })

  it('fuzz: whatever comes is opened or refused', async () => {
    const sealed = await bytesOf(sealStream(inPieces(random.bytes(300), 50), sealing))
    // Each one costs a key derivation: fewer of them.
    const count = Math.ceil(Number(process.env.FUZZ_COUNT ?? 10_000) / 50)
    const mutated = seededRandom(3)
    for (let i = 0; i < count; i++) {
      const error = await opened(mutate(sealed, mutated)).then(
        () => ({ code: 'opened' }),
        (reason: { code: string }) => reason,
      )
      expect(error.code).toMatch(/^(opened|not-an-export|too-new|wrong-password|damaged-export)$/)
    }
  })
})

describe('an account', () => {
  let world: World
  let [alice, bob]: Person[] = []
  let exported: Uint8Array

  beforeAll(async () => {
    world = new World(31)
    alice = await world.person('alice')
    bob = await world.person('bob')
    world.join(alice, bob)
    const [a, b] = [alice as Person, bob as Person]
    await world.whileRunning(a.messenger.join('#room'))
    await world.whileRunning(a.messenger.addContact(b.messenger.publicKey, 'Bob'))
    await world.whileRunning(a.messenger.send(b.id, 'first'))
    await world.until(() => textsHeard(b).length === 1, 'bob heard it')
    await world.whileRunning(b.messenger.send(a.id, 'second'))
    await world.until(() => textsHeard(a).length === 1, 'alice heard it')
    await world.run(10_000)
    await world.stop(a)
    exported = await bytesOf(exportAccount(optionsOf(a)))
  })

  const optionsOf = (person: Person) => ({
    ...sealing,
    storage: person.storage,
    publicKey: person.account.chatKey.publicKey,
    secret: 'twelve words',
    nowMs: 5,
  })

  const imported = async (
    bytes: Uint8Array,
    into: Storage,
  ): Promise<{ secret: string; publicKey: string }> => {
    const account = await importAccount(inPieces(bytes, 1000), sealing)
    for await (const changes of account.changes()) await into.commit(changes)
    return account
  }

  it('is there again with its history, but no key of a session, no id of a device, nothing on its way', async () => {
    const storage = createMemoryStorage()
    const { secret, publicKey } = await imported(exported, storage)
    expect({ secret, publicKey }).toEqual({ secret: 'twelve words', publicKey: alice?.id })
    const [before, after] = [openHistory((alice as Person).storage), openHistory(storage)]
    const bobsChat = (bob as Person).id
    const of = async (history: typeof before) => ({
      states: await history.chatStates(),
      contacts: (await history.contacts()).map(({ name }) => name),
      messages: (await history.messages(bobsChat)).map(({ id, text }) => ({ id, text })),
      found: (await history.search('sec')).map(({ text }) => text),
    })
    expect(await of(after)).toEqual(await of(before))
    expect((await of(after)).found).toEqual(['second'])
    const [first] = await after.messages(bobsChat)
    expect(await after.message(first?.id as never)).toMatchObject({ text: 'first' })
    const tables = await tablesOf((alice as Person).storage, storage)
    expect(tables.onlyBefore.length).toBeGreaterThan(5)
    expect(tables.onlyAfter).toEqual([])
  })

  it('goes on as another installation: both are written to, and no key is used twice', async () => {
    const storage = createMemoryStorage()
    await imported(exported, storage)
    const [b] = [bob as Person]
    const again = { ...(alice as Person), storage, name: 'alice again' } as Person
    world.people.set('alice again', again)
    await world.start(again)
    world.join(again, b)
    await world.whileRunning(again.messenger.send(b.id, 'from the other device'))
    await world.until(() => textsHeard(b).includes('from the other device'), 'bob heard the new device')
    await world.whileRunning(b.messenger.send(again.id, 'to both devices'))
    await world.until(() => textsHeard(again).includes('to both devices'), 'the new device heard bob')
    const devices = await b.messenger.devices.list(again.messenger.publicKey)
    expect(devices.filter(({ enabled }) => enabled).length).toBe(2)
    expect(world.keysUsedTwice).toEqual([])
    await world.close()
  })

  it('a damaged one ends in an error before its end', async () => {
    for (const at of [60, exported.length >> 1, exported.length - 1]) {
      const broken = exported.map((byte, i) => (i === at ? byte ^ 1 : byte))
      await expect(imported(broken, createMemoryStorage())).rejects.toMatchObject({ code: 'damaged-export' })
    }
    await expect(imported(exported.subarray(0, -1), createMemoryStorage())).rejects.toMatchObject({
      code: 'damaged-export',
    })
  })

  it('tables of its own choice, or records that are none, are refused', async () => {
    const record = (table: string, length = 9 + table.length) =>
      concat(
        Uint8Array.of(0, 0, 0, length - 4),
        Uint8Array.of(table.length),
        utf8(table),
        Uint8Array.of(0, 1, 7, 7),
      )
    const manifest = JSON.stringify({ format: 1, publicKey: '0x04', secret: 's', exportedAtMs: 1 })
    const withManifest = (json: string, ...rest: Uint8Array[]) =>
      bytesOf(
        sealStream(
          inPieces(concat(Uint8Array.of(0, 0, 0, json.length + 3, 0, 0, 0), utf8(json), ...rest), 99),
          sealing,
        ),
      )
    const end = new Uint8Array(4)
    const code = (bytes: Promise<Uint8Array>) =>
      bytes
        .then((all) => imported(all, createMemoryStorage()))
        .then(
          () => 'taken',
          (e: { code: string }) => e.code,
        )
    expect(await code(withManifest(manifest, end))).toBe('taken')
    expect(await code(withManifest(manifest, record('chat'), end))).toBe('taken')
    expect(await code(withManifest(manifest))).toBe('damaged-export')
    expect(await code(withManifest(manifest, end, end))).toBe('damaged-export')
    expect(await code(withManifest(manifest, record('chat', 7), end))).toBe('damaged-export')
    expect(await code(withManifest(manifest, Uint8Array.of(255, 0, 0, 0), end))).toBe('damaged-export')
    for (const table of ['session', 'meta', 'parcel', 'event'])
      expect(await code(withManifest(manifest, record(table), end))).toBe('too-new')
    expect(await code(withManifest('{"format":2}', end))).toBe('too-new')
    expect(await code(withManifest('{"format":1}', end))).toBe('damaged-export')
    expect(await code(withManifest('no json', end))).toBe('damaged-export')
    expect(await code(bytesOf(sealStream(inPieces(end, 1), sealing)))).toBe('damaged-export')
  })

  it('is made a page at a time', async () => {
    const storage = createMemoryStorage()
    const value = utf8(JSON.stringify({ text: 'x'.repeat(900) }))
    await storage.commit(
      Array.from({ length: 3000 }, (_, i) => ({
        put: ['message', Uint8Array.of(i >> 8, i & 255, ...new Uint8Array(40)), value],
      })),
    )
    let read = 0
    const counting: Storage = {
      ...storage,
      async *range(...where) {
        for await (const entry of storage.range(...where)) {
          read++
          yield entry
        }
      },
    }
    let pieces = 0
    for await (const _ of exportAccount({ ...optionsOf(alice as Person), storage: counting })) {
      pieces++
      expect(read).toBeLessThanOrEqual(80 * pieces)
    }
    expect(pieces).toBeGreaterThan(40)
  })
})

async function tablesOf(before: Storage, after: Storage) {
  const NAMES =
    'chat contact message message-key unread event outbox parcel read read-at sync route meta'.split(' ')
  const filled = async (storage: Storage): Promise<Set<string>> => {
    const found = new Set<string>()
    for (const name of [...NAMES, ...Object.values(SYNC_TABLES), INSTALLATIONS_TABLE, OWN_TABLE])
      for await (const _ of storage.range(name, new Uint8Array(0), new Uint8Array(200).fill(255), 1))
        found.add(name)
    return found
  }
  const [had, has] = [await filled(before), await filled(after)]
  return {
    onlyBefore: [...had].filter((name) => !has.has(name)),
    onlyAfter: [...has].filter((name) => !had.has(name)),
  }
}
