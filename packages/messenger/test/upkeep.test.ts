/** What time alone does: our bundle is published and renewed, old keys and sessions are erased, strangers are bounded. */
import { toHex } from '@status-protocol/bytes'
import {
  decodeInstallation,
  decodeOwnPreKeys,
  decodeProtocolMessage,
  EXPIRED_SESSION_LIFETIME_MS,
  encodeInstallation,
  INSTALLATIONS_TABLE,
  type Installation,
  MAX_STRANGERS,
  OLD_PRE_KEY_LIFETIME_MS,
  OWN_PRE_KEYS_KEY,
  OWN_TABLE,
} from '@status-protocol/double-ratchet'
import type { Change } from '@status-protocol/ports'
import { seededRandom } from '@status-protocol/testkit'
import { contactCode } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { type Person, quickCrypto, statesOf, textsHeard, World } from './support/world.ts'

const [HOUR_MS, DAY_MS] = [3_600_000, 24 * 3_600_000]
/** How finely virtual days are lived through. */
const STEP_MS = 30 * 60_000

let world: World
afterEach(async () => {
  await world.close()
  expect(world.keysUsedTwice, 'message keys used for two ciphertexts').toEqual([])
})

async function pair(): Promise<[Person, Person]> {
  world = new World(91)
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  world.join(alice, bob)
  await world.run(200)
  return [alice, bob]
}

async function says(from: Person, to: Person, text: string): Promise<void> {
  const { id } = await from.messenger.send(to.id, text)
  await world.until(() => statesOf(from, id).includes('delivered'), `"${text}" is delivered`)
}

/** Each contact code that somebody posted: when its bundle was signed, and the version and pre key of this device in it. */
async function contactCodes(person: Person) {
  const { topic } = await contactCode(person.messenger.publicKey, { crypto: quickCrypto })
  return person.posts
    .filter((post) => toHex(post.topic) === toHex(topic))
    .map(({ payload }) => {
      const { bundles, directMessages, publicMessage } = decodeProtocolMessage(payload)
      expect([directMessages, publicMessage, bundles.length]).toEqual([[], undefined, 1])
      const { timestampNs, preKeys } = bundles[0] as (typeof bundles)[0]
      return { atMs: Number(timestampNs / 1_000_000n), ...preKeys[0] }
    })
}

async function preKeysOf({ storage }: Person) {
  const bytes = await storage.get(OWN_TABLE, OWN_PRE_KEYS_KEY)
  return bytes ? decodeOwnPreKeys(bytes) : []
}

async function installationsOf({ storage }: Person): Promise<readonly Installation[]> {
  const found: Installation[] = []
  const last = new Uint8Array(200).fill(255)
  for await (const [key, value] of storage.range(INSTALLATIONS_TABLE, new Uint8Array(0), last, 1e6))
    found.push(decodeInstallation(toHex(key.slice(33)), value, { crypto: quickCrypto }))
  return found
}

describe('our bundle', () => {
  it('is published every 6 hours and renewed every 24, for 40 days; pre keys of 30 days ago are erased', {
    timeout: 60_000,
  }, async () => {
    const [alice] = await pair()
    const days = 40
    for (let day = 1; day <= days; day++) {
      await world.run(DAY_MS, STEP_MS)
      const nowMs = world.clock.wallMs()
      const preKeys = await preKeysOf(alice)
      for (const i of preKeys.keys()) {
        const replacedMs = preKeys[i + 1]?.createdMs
        if (replacedMs !== undefined)
          expect(nowMs - replacedMs, 'erased a day later at most').toBeLessThan(
            OLD_PRE_KEY_LIFETIME_MS + DAY_MS,
          )
      }
      expect(nowMs - (preKeys.at(-1)?.createdMs ?? 0)).toBeLessThanOrEqual(DAY_MS + 6 * HOUR_MS)
    }
    const codes = await contactCodes(alice)
    expect(codes.length).toBeGreaterThanOrEqual(days * 4 - 1)
    expect(codes.length).toBeLessThanOrEqual(days * 4 + 1)
    const gaps = codes.slice(1).map(({ atMs }, i) => atMs - (codes[i]?.atMs ?? 0))
    for (const gap of gaps) expect(Math.abs(gap - 6 * HOUR_MS)).toBeLessThan(STEP_MS)
    const versions = codes.map(({ version }) => version as number)
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
    expect(new Set(versions).size).toBeGreaterThanOrEqual(days - 1)
    for (const version of new Set(versions)) {
      const ofVersion = codes.filter((code) => code.version === version)
      expect(new Set(ofVersion.map((code) => toHex(code.preKey as Uint8Array))).size).toBe(1)
      expect((ofVersion.at(-1)?.atMs ?? 0) - (ofVersion[0]?.atMs ?? 0)).toBeLessThan(DAY_MS)
    }
    expect((await preKeysOf(alice)).length).toBeLessThanOrEqual(32)
  })

  it('waits while no peer is there, and is published soon after one has come', async () => {
    world = new World(92)
    const alice = await world.person('alice', { online: false })
    await world.run(3 * DAY_MS, STEP_MS)
    expect(await contactCodes(alice)).toEqual([])
    alice.messenger.setOnline(true)
    await world.run(10 * 60_000, 10_000)
    expect(await contactCodes(alice)).toHaveLength(1)
  })

  it('of a peer who writes daily begins a new session each day; those that expired are erased after 14 days', {
    timeout: 60_000,
  }, async () => {
    const [alice, bob] = await pair()
    const sessions = async () => (await installationsOf(alice)).flatMap((one) => one.sessions)
    for (let day = 0; day < 20; day++) {
      await says(alice, bob, `question ${day}`)
      await says(bob, alice, `answer ${day}`)
      await world.run(DAY_MS, STEP_MS)
    }
    expect((await sessions()).length).toBeGreaterThan(14)
    expect((await sessions()).length).toBeLessThanOrEqual(32)
    await world.run(EXPIRED_SESSION_LIFETIME_MS + 2 * DAY_MS, STEP_MS)
    const left = await sessions()
    expect(left.length, 'those that are written on').toBeLessThanOrEqual(2)
    expect(left.every(({ expiredMs }) => expiredMs === 0)).toBe(true)
    await says(bob, alice, 'still there?')
    expect((await alice.messenger.messages(bob.id)).at(-1)?.security).toBe('ratchet')
  })
})

describe('the daily sweep', () => {
  const random = seededRandom(93)
  const never = -(2n ** 63n)
  const installation = (usedMs: number): Installation => ({
    ...{ id: 'x', preKey: undefined, version: 0, protocolVersion: 0, seenNs: 0n, announcedNs: never },
    ...{ missingMs: 0, usedMs, renewed: false, enabled: true, negotiated: false, sessions: [] },
  })
  const rowOf = (publicKey: Uint8Array, usedMs: number): Change => {
    const key = new Uint8Array([...quickCrypto.compressPublicKey(publicKey as never), 0x78])
    return { put: [INSTALLATIONS_TABLE, key, encodeInstallation(installation(usedMs))] }
  }

  it('leaves 1,000 strangers, contacts, and whoever was written to', { timeout: 60_000 }, async () => {
    const [alice, bob] = await pair()
    await alice.messenger.addContact(bob.messenger.publicKey)
    const written = quickCrypto.publicKey(random.bytes(32))
    await alice.messenger.join(`0x${toHex(written)}`)
    await alice.messenger.leave(`0x${toHex(written)}`)
    await world.stop(alice)
    const oldest = quickCrypto.publicKey(random.bytes(32))
    const rows = [rowOf(bob.messenger.publicKey, 1), rowOf(written, 2), rowOf(oldest, 3)]
    for (let i = 0; i < MAX_STRANGERS; i++)
      rows.push(rowOf(quickCrypto.publicKey(random.bytes(32)), 1_000 + i))
    await alice.storage.commit(rows)
    await world.start(alice)
    await world.run(2 * 60_000, 10_000)
    expect(await installationsOf(alice)).toHaveLength(MAX_STRANGERS + 2)
    for (const [who, isThere] of [
      [bob.messenger.publicKey, true],
      [written, true],
      [oldest, false],
    ] as const)
      expect((await alice.messenger.devices.list(who)).length > 0).toBe(isThere)
  })

  it('is done once a day, whatever restarts there are, and also after a clock was ahead', async () => {
    const [alice] = await pair()
    const sweptAt = async () =>
      toHex((await alice.storage.get('meta', new TextEncoder().encode('swept'))) ?? new Uint8Array(0))
    await world.run(2 * 60_000, 10_000)
    const first = await sweptAt()
    expect(first).not.toBe('')
    for (let i = 0; i < 3; i++) {
      await world.stop(alice)
      await world.start(alice)
      await world.run(5 * HOUR_MS, STEP_MS)
    }
    expect(await sweptAt()).toBe(first)
    await world.run(10 * HOUR_MS, STEP_MS)
    const second = await sweptAt()
    expect(second > first).toBe(true)
    const ahead = BigInt(world.clock.wallMs() + 400 * DAY_MS)
    await alice.storage.commit([
      {
        put: [
          'meta',
          new TextEncoder().encode('swept'),
          new Uint8Array(new BigUint64Array([ahead]).buffer).reverse(),
        ],
      },
    ])
    await world.run(2 * HOUR_MS, STEP_MS)
    expect((await sweptAt()) < toHex(new Uint8Array(new BigUint64Array([ahead]).buffer).reverse())).toBe(true)
  })

  it('that fails is counted, and nothing else ends for it', async () => {
    const [alice, bob] = await pair()
    await alice.messenger.join('#status')
    await bob.messenger.join('#status')
    await alice.storage.commit([{ put: [OWN_TABLE, OWN_PRE_KEYS_KEY, Uint8Array.of(9)] }])
    await world.run(3 * HOUR_MS, STEP_MS)
    expect(alice.messenger.rejected().get('failed')).toBeGreaterThan(0)
    await bob.messenger.send('#status', 'hello')
    await world.until(() => textsHeard(alice).includes('hello'), 'heard')
  })
})
