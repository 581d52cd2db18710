// Double Ratchet: one way, there and back, session set-up, fan-out to devices, 10,000 sessions; beside the noble provider, Signal's
// own library in the same run, and what Go's ratchet took on the machine of the first measurements.
//   node --conditions=@status-protocol/source --import tsx bench/double-ratchet.ts
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  type CryptoProvider,
  defaultProvider,
  generatePrivateKey,
  systemRandom,
} from '@status-protocol/crypto'
import { nobleProvider } from '@status-protocol/crypto/noble'
import {
  type Conversation,
  confirmMessage,
  createSecureChannel,
  createSelf,
  decryptMessage,
  encryptMessage,
  loadConversation,
  publicMessage,
  type Self,
  storageReads,
  sweep,
} from '@status-protocol/double-ratchet'
import {
  acceptRatchet,
  forgetMessageKey,
  initiateRatchet,
  type RatchetMessage,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
} from '@status-protocol/double-ratchet/ratchet'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { loadLibsignal } from './support/libsignal.ts'

/** To reach in memory with the native provider, a second. */
const TARGETS: Readonly<Record<string, number>> = {
  'ratchet: encrypt': 20_000,
  'ratchet: decrypt': 15_000,
  'ratchet: there and back': 2_000,
}
/** Go's ratchet, microseconds; native ECDH ran at 16,000/s there. */
const GO_US: Readonly<Record<string, number>> = { 'ratchet: one way': 129, 'ratchet: there and back': 808 }
const MEASURE_MS = Number(process.env.BENCH_MS ?? 1_000)
const WARM_UP_MS = MEASURE_MS / 2

const random = systemRandom
const plaintext = random.bytes(300)
const results = new Map<string, Map<string, number>>()

for (const crypto of [defaultProvider, nobleProvider]) {
  const column = new Map<string, number>()
  results.set(crypto.name, column)
  measureRatchet(crypto, column)
  measureConversation(crypto, column)
  await measureChannel(crypto, column)
}
const hasSignal = await measureSignal()
print()
await measureManySessions()

interface Batch<Run> {
  /** Operations that one run does: so few that it takes about a millisecond. */
  readonly count: number
  /** What comes before a run and is not measured. */
  prepare(): Run
}

/** Operations a second: the median of many short runs, so that what else the machine does falls out. */
function rate({ count, prepare }: Batch<() => void>): number {
  const times: number[] = []
  for (const end = performance.now() + WARM_UP_MS + MEASURE_MS; performance.now() < end; ) {
    const run = prepare()
    const start = performance.now()
    run()
    if (start > end - MEASURE_MS) times.push(performance.now() - start)
  }
  return perSecond(count, times)
}

async function rateOfAsync({ count, prepare }: Batch<() => Promise<void>>): Promise<number> {
  const times: number[] = []
  for (const end = performance.now() + WARM_UP_MS + MEASURE_MS; performance.now() < end; ) {
    const run = prepare()
    const start = performance.now()
    await run()
    if (start > end - MEASURE_MS) times.push(performance.now() - start)
  }
  return perSecond(count, times)
}

function perSecond(count: number, times: number[]): number {
  const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)]
  return median === undefined ? 0 : (1000 * count) / median
}

function measureRatchet(crypto: CryptoProvider, column: Map<string, number>): void {
  const options = { crypto, random }
  const [alice, responder] = pair(crypto)
  const first = ratchetEncrypt(alice, plaintext, options)
  const [sender, bob] = [first.state, received(responder, first.message, crypto)]
  const ecdh = () => crypto.ecdh(alice.self.privateKey, bob.self.publicKey)
  column.set('ECDH alone', rate({ count: 10, prepare: () => repeat(10, ecdh) }))
  const encrypt = () => encryptMany(sender, 20, crypto)
  column.set('ratchet: encrypt', rate({ count: 20, prepare: () => () => void encrypt() }))
  const decrypt = () => {
    const messages = encrypt()
    return () => decryptMany(bob, messages, crypto)
  }
  column.set('ratchet: decrypt', rate({ count: 20, prepare: decrypt }))
  const oneWay = () => decryptMany(bob, encryptMany(sender, 10, crypto), crypto)
  column.set('ratchet: one way', rate({ count: 10, prepare: () => oneWay }))
  let [a, b] = pair(crypto)
  const thereAndBack = () => {
    const there = ratchetEncrypt(a, plaintext, options)
    b = received(b, there.message, crypto)
    const back = ratchetEncrypt(b, plaintext, options)
    a = received(there.state, back.message, crypto)
    b = back.state
  }
  column.set('ratchet: there and back', rate({ count: 2, prepare: () => repeat(2, thereAndBack) }))
}

function pair(crypto: CryptoProvider): readonly [RatchetState, RatchetState] {
  const sharedSecret = random.bytes(32)
  const privateKey = generatePrivateKey(crypto, random)
  const publicKey = crypto.compressPublicKey(crypto.publicKey(privateKey))
  const alice = initiateRatchet({ sharedSecret, remoteKey: publicKey }, { crypto, random })
  return [alice, acceptRatchet({ sharedSecret, keyPair: { privateKey, publicKey } }, { crypto })]
}

function encryptMany(from: RatchetState, count: number, crypto: CryptoProvider): RatchetMessage[] {
  const messages: RatchetMessage[] = []
  let state = from
  for (let i = 0; i < count; i++) {
    const sent = ratchetEncrypt(state, plaintext, { crypto })
    messages.push(sent.message)
    state = sent.state
  }
  return messages
}

function decryptMany(to: RatchetState, messages: readonly RatchetMessage[], crypto: CryptoProvider): void {
  let state = to
  for (const message of messages) state = received(state, message, crypto)
}

/** Read and confirmed. */
function received(state: RatchetState, message: RatchetMessage, crypto: CryptoProvider): RatchetState {
  const result = ratchetDecrypt(state, message, { crypto, random })
  if (!result.ok) throw new Error(result.reason)
  return forgetMessageKey(result.state, message.header)
}

function measureConversation(crypto: CryptoProvider, column: Map<string, number>): void {
  const context = { nowMs: Date.now(), random, crypto }
  const write = (from: Conversation) => encryptMessage(from, { plaintext }, context)
  const setUp = () => {
    const { sender, receivers } = devices(crypto, 1)
    return () => void opened(receivers[0] as Conversation, write(sender).outputs[0].bytes, crypto)
  }
  column.set('set-up: bundle to first message read', rate({ count: 1, prepare: setUp }))
  const fanOut = (people: number) => {
    let from = Array.from({ length: people }, () => write(devices(crypto, 3).sender).conversation)
    return repeat(1, () => {
      from = from.map((one) => write(one).conversation)
    })
  }
  const toGroup = fanOut(10)
  column.set('fan-out: group of 10 with 3 devices each', rate({ count: 1, prepare: () => toGroup }))
  for (const count of [1, 3]) {
    let from = write(devices(crypto, count).sender).conversation
    const writeOne = () => {
      from = write(from).conversation
    }
    const name = `message to ${count} ${count === 1 ? 'device' : 'devices'}`
    column.set(name, rate({ count: 4, prepare: () => repeat(4, writeOne) }))
  }
  const { sender, receivers } = devices(crypto, 1)
  let [from, to] = [sender, receivers[0] as Conversation]
  const read = () => {
    const { conversation, outputs } = write(from)
    from = conversation
    return () => {
      to = opened(to, outputs[0].bytes, crypto)
    }
  }
  column.set('message read and confirmed', rate({ count: 1, prepare: read }))
}

/** A sender who knows the bundles of another identity's devices, and these. */
function devices(crypto: CryptoProvider, count: number) {
  const context = { nowMs: Date.now(), random, crypto }
  const [mine, theirs] = [generatePrivateKey(crypto, random), generatePrivateKey(crypto, random)]
  const self = createSelf({ identity: mine, installationId: 'mine' }, { crypto })
  let sender = emptyConversation(self, crypto.publicKey(theirs))
  const receivers: Conversation[] = []
  for (let i = 0; i < count; i++) {
    const device = createSelf({ identity: theirs, installationId: `theirs-${i}` }, { crypto })
    const code = publicMessage(emptyConversation(device, self.publicKey), {}, context)
    sender = decryptMessage(sender, { message: code.outputs[0].bytes }, context).conversation
    receivers.push(code.conversation)
  }
  return { sender, receivers }
}

function emptyConversation(self: Self, peer: Uint8Array): Conversation {
  return {
    self,
    peer,
    peerKey: defaultProvider.compressPublicKey(peer),
    installations: [],
    ownInstallations: [],
    ownPreKeys: [],
  }
}

function opened(to: Conversation, bytes: Uint8Array, crypto: CryptoProvider): Conversation {
  const { conversation, outputs } = decryptMessage(
    to,
    { message: bytes },
    { nowMs: Date.now(), random, crypto },
  )
  const [result] = outputs
  if (result.type === 'refused' || !result.messageKey) throw new Error('the message did not open')
  return confirmMessage(conversation, { messageKey: result.messageKey }).conversation
}

async function measureChannel(crypto: CryptoProvider, column: Map<string, number>): Promise<void> {
  const channel = (installationId: string) =>
    createSecureChannel({
      identity: generatePrivateKey(crypto, random),
      installationId,
      storage: createMemoryStorage(),
      crypto,
    })
  const [alice, bob] = [channel('a'), channel('b')]
  await bob.decrypt(alice.publicKey, await alice.contactCode())
  await alice.decrypt(bob.publicKey, await bob.contactCode())
  const oneWay = async () => {
    const result = await bob.decrypt(alice.publicKey, await alice.encrypt(bob.publicKey, plaintext))
    if (!result.ok) throw new Error(result.reason)
    await result.confirm()
  }
  column.set('channel with store: one way', await rateOfAsync({ count: 1, prepare: () => oneWay }))
}

/**
 * 10,000 sessions in one store: 2,500 people with two devices each, each device with a session of today and one of
 * yesterday. How much they take stored and loaded, how long loading, one message and the daily sweep take.
 */
async function measureManySessions(): Promise<void> {
  const crypto = defaultProvider
  const [people, perPerson] = [2_500, 2]
  const storage = createMemoryStorage()
  const self = createSelf(
    { identity: generatePrivateKey(crypto, random), installationId: 'mine' },
    { crypto },
  )
  const reads = storageReads(storage, { crypto })
  const dayMs = 24 * 60 * 60 * 1000
  const now = Date.now()
  const identities = Array.from({ length: people }, () => generatePrivateKey(crypto, random))
  const peers = identities.map((identity) => crypto.publicKey(identity))
  for (const nowMs of [now - dayMs, now])
    for (const identity of identities) {
      const context = { nowMs, random, crypto }
      const load = () => loadConversation(reads, self, crypto.publicKey(identity), { crypto })
      for (let n = 0; n < perPerson; n++) {
        const device = createSelf({ identity, installationId: `device-${n}` }, { crypto })
        const code = publicMessage(emptyConversation(device, self.publicKey), {}, context)
        await storage.commit(
          decryptMessage(await load(), { message: code.outputs[0].bytes }, context).changes,
        )
      }
      await storage.commit(encryptMessage(await load(), { plaintext }, context).changes)
    }
  let bytes = 0
  for await (const [, value] of storage.range(
    'double-ratchet.installations',
    new Uint8Array(0),
    Uint8Array.of(4),
    1e6,
  ))
    bytes += value.length
  collectGarbage()
  const heapBefore = process.memoryUsage().heapUsed
  const load = cpuMs()
  const loaded: Conversation[] = []
  for (const peer of peers) loaded.push(await loadConversation(reads, self, peer, { crypto }))
  const loadMs = load()
  collectGarbage()
  const heap = process.memoryUsage().heapUsed - heapBefore
  const sessions = loaded.flatMap(({ installations }) => installations.flatMap((one) => one.sessions)).length
  const sweeping = cpuMs()
  await sweep(storage, self, { nowMs: now, crypto })
  const sweepMs = sweeping()
  const writing = cpuMs()
  for (const peer of peers.slice(0, 500)) {
    const conversation = await loadConversation(reads, self, peer, { crypto })
    await storage.commit(encryptMessage(conversation, { plaintext }, { nowMs: now, random, crypto }).changes)
  }
  const oneMs = writing() / 500
  console.log(
    `${sessions.toLocaleString('en')} sessions: ${(bytes / sessions).toFixed(0)} bytes each stored, ${(heap / sessions).toFixed(0)} in memory, loaded in ${loadMs.toFixed(0)} ms, swept in ${sweepMs.toFixed(0)} ms; a message to two devices, load and commit included, ${oneMs.toFixed(2)} ms (of the processor)`,
  )
}

/** Milliseconds of the processor from now on: what else the machine does falls out. */
function cpuMs(): () => number {
  const start = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1000
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

async function measureSignal(): Promise<boolean> {
  const createParty = await loadLibsignal()
  if (!createParty) return false
  const column = new Map<string, number>()
  results.set('libsignal', column)
  const [alice, bob] = [createParty('alice'), createParty('bob')]
  await alice.begin(bob)
  await bob.decrypt(alice, await alice.encrypt(bob, plaintext), true)
  await alice.decrypt(bob, await bob.encrypt(alice, plaintext))
  let sent: Uint8Array[] = []
  const encrypt = async () => {
    for (let i = 0; i < 5; i++) sent.push(await alice.encrypt(bob, plaintext))
  }
  const decrypt = async () => {
    for (const message of sent) await bob.decrypt(alice, message)
    sent = []
  }
  column.set('ratchet: encrypt', await rateOfAsync({ count: 5, prepare: () => encrypt }))
  await decrypt()
  const oneWay = await rateOfAsync({ count: 5, prepare: () => () => encrypt().then(decrypt) })
  column.set('ratchet: one way', oneWay)
  column.set('ratchet: decrypt', 1 / (1 / oneWay - 1 / (column.get('ratchet: encrypt') as number)))
  const thereAndBack = async () => {
    await bob.decrypt(alice, await alice.encrypt(bob, plaintext))
    await alice.decrypt(bob, await bob.encrypt(alice, plaintext))
  }
  column.set('ratchet: there and back', await rateOfAsync({ count: 1, prepare: () => thereAndBack }))
  let newcomers = 0
  const setUp = () => {
    const newcomer = createParty(`newcomer-${newcomers++}`)
    return async () => {
      await newcomer.begin(bob)
      await bob.decrypt(newcomer, await newcomer.encrypt(bob, plaintext), true)
    }
  }
  column.set('set-up: bundle to first message read', await rateOfAsync({ count: 1, prepare: setUp }))
  return true
}

function repeat(count: number, operation: () => unknown): () => void {
  return () => {
    for (let i = 0; i < count; i++) operation()
  }
}

function print(): void {
  const names = [...results.keys()]
  const [first = ''] = names
  const ours = results.get(first) as Map<string, number>
  const line = (cells: readonly string[]) =>
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(38) : cell.padStart(13))).join(''))
  console.log('operations a second, plaintext of 300 bytes')
  line(['', ...names, 'Go'])
  for (const [name] of ours) {
    const go = GO_US[name]
    line([name, ...names.map((n) => shown(results.get(n)?.get(name))), shown(go && 1e6 / go)])
  }
  if (!hasSignal) console.log('libsignal has no binary for this platform')
  else console.log('libsignal: Curve25519, sessions stored after each message, Kyber in set-up and ratchet')
  for (const [name, target] of Object.entries(TARGETS)) {
    const met = (ours.get(name) as number) >= target
    console.log(`${met ? 'met' : 'MISSED'}: ${name} >= ${target}/s with ${first}`)
    if (!met && first === 'node+native') process.exitCode = 1
  }
}

function shown(value: number | undefined): string {
  return value === undefined ? '-' : Math.round(value).toLocaleString('en')
}
