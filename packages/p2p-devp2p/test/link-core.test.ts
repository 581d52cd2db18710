import { inspect } from 'node:util'
import { concat, equal, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { createLinkCore, disconnectReasons, type LinkOutput, P2pError } from '@status-protocol/p2p-devp2p'
import { mutate, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeDisconnect } from '../src/base/disconnect.ts'
import { encodeHello, type Hello } from '../src/base/hello.ts'
import { PLAIN_ACK_BYTES } from '../src/rlpx/ack.ts'
import { createFrameDecoder } from '../src/rlpx/frame-decoder.ts'
import { createFrameEncoder } from '../src/rlpx/frame-encoder.ts'
import { startHandshake } from '../src/rlpx/handshake.ts'
import { createHandshakeReader } from '../src/rlpx/handshake-packet.ts'
import { readCode } from '../src/rlpx/message-code.ts'
import { snappyCompress, snappyDecompress } from '../src/snappy.ts'
import {
  closedOf,
  ID_A,
  ID_B,
  idOf,
  initiator,
  KEY_A,
  KEY_B,
  keyOf,
  openOf,
  openPair,
  packetsOf,
  responder,
  SHH,
  Wire,
  writesOf,
} from './support/cores.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const HELLO: Hello = { version: 5, clientName: 'peer', capabilities: [SHH], listenPort: 0, nodeId: ID_A }

/**
 * A peer that dials a responder core and says what the test wants, over genuine frames.
 */
class ScriptedPeer {
  readonly core: ReturnType<typeof responder>
  readonly outputs: LinkOutput[] = []
  readonly #encoder: ReturnType<typeof createFrameEncoder>
  readonly #decoder: ReturnType<typeof createFrameDecoder>
  nowMs = 0

  constructor(options: Parameters<typeof responder>[0] = {}, nodeKey = KEY_A) {
    this.core = responder(options)
    this.core.start(0)
    const context = { crypto, random: seededRandom(99), nodeKey }
    const started = startHandshake(context, crypto.publicKey(KEY_B))
    const [ack = new Uint8Array(0), ...frames] = writesOf(this.#feed(started.auth))
    const step = createHandshakeReader(context, PLAIN_ACK_BYTES).read(ack)
    const secrets = step.type === 'packet' ? started.finish(step.opened) : undefined
    if (!secrets) throw new Error('expected an ack')
    this.#encoder = createFrameEncoder(crypto, secrets)
    this.#decoder = createFrameDecoder(crypto, secrets)
    this.#read(frames)
  }

  /** What the core has said, as the peer reads it. */
  readonly heard: { readonly code: number | undefined; readonly payload: Uint8Array }[] = []

  say(code: number, payload: Uint8Array): readonly LinkOutput[] {
    return this.sayAll([[code, payload]])
  }

  /** In one chunk. */
  sayAll(messages: readonly (readonly [code: number, payload: Uint8Array])[]): readonly LinkOutput[] {
    const frames = messages.map(([code, payload]) => this.#encoder.encode(code, payload, false) as Uint8Array)
    const outputs = this.#feed(concat(...frames))
    this.#read(writesOf(outputs))
    return outputs
  }

  sayHello(changes: Partial<Hello> = {}): readonly LinkOutput[] {
    return this.say(0, encodeHello({ ...HELLO, ...changes }))
  }

  tick(nowMs: number): readonly LinkOutput[] {
    this.nowMs = nowMs
    const outputs = this.core.tick(nowMs)
    this.#read(writesOf(outputs))
    return outputs
  }

  #feed(bytes: Uint8Array): readonly LinkOutput[] {
    const outputs = this.core.receive(bytes, this.nowMs)
    this.outputs.push(...outputs)
    return outputs
  }

  #read(frames: readonly Uint8Array[]): void {
    this.#decoder.push(concat(...frames))
    for (;;) {
      const step = this.#decoder.next(0xff_ffff)
      if (step.type !== 'frame') break
      const code = readCode(step.body)
      this.heard.push({ code: code?.code, payload: step.body.subarray(code?.length ?? 0) })
    }
  }
}

describe('two link cores', () => {
  it('come to an open link, each knowing the other', () => {
    const wire = openPair({ clientName: 'Ärger/1', listenPort: 30303 })
    expect(openOf(wire.a)).toMatchObject({
      peerId: ID_B,
      snappy: true,
      hello: { clientName: 'b', listenPort: 0 },
    })
    expect(openOf(wire.b)).toMatchObject({
      peerId: ID_A,
      hello: { clientName: 'Ärger/1', listenPort: 30303 },
    })
    for (const outputs of [wire.fromA, wire.fromB])
      expect(outputs.map(({ type }) => type).filter((type) => type !== 'write')).toEqual(['open'])
    expect(openOf(wire.a).capabilities).toEqual([{ ...SHH, offset: 16 }])
  })

  it('come to the same however the bytes are cut', () => {
    const body = seededRandom(3).bytes(400)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(50), (step, code) => {
        const cut = (bytes: Uint8Array) =>
          Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) =>
            bytes.subarray(i * step, (i + 1) * step),
          )
        const wire = new Wire(initiator(), responder(), cut).connect()
        wire.send('a', code, body)
        wire.send('b', code, body)
        expect(packetsOf(wire.fromB)).toEqual([{ code, body, capability: 'shh' }])
        expect(packetsOf(wire.fromA)).toEqual([{ code, body, capability: 'shh' }])
      }),
      { numRuns: 60 },
    )
  })

  it('take handshake, Hello and packets out of one chunk', () => {
    const [a, b] = [initiator(), responder()]
    b.start(0)
    const [auth] = writesOf(a.start(0))
    const fromB = writesOf(b.receive(auth as Uint8Array, 0))
    const fromA = writesOf(a.receive(concat(...fromB), 0))
    expect(a.state.type).toBe('open')
    const packets = [1, 2, 3].map((code) => a.send('shh', code, utf8('x')) as Uint8Array)
    const outputs = b.receive(concat(...fromA, ...packets), 0)
    expect(outputs.map(({ type }) => type)).toEqual(['open', 'packet', 'packet', 'packet'])
  })

  it('carry all 128 codes and any body', () => {
    const wire = openPair()
    const random = seededRandom(4)
    const bodies = Array.from({ length: 128 }, (_, i) =>
      i % 2 ? random.bytes(i * 5) : new Uint8Array(i * 30),
    )
    for (const [code, body] of bodies.entries()) wire.send('a', code, body)
    expect(packetsOf(wire.fromB)).toEqual(bodies.map((body, code) => ({ code, body, capability: 'shh' })))
  })

  it('give each capability its own codes', () => {
    const capabilities = [SHH, { name: 'abc', version: 2, length: 5 }]
    const wire = openPair({ capabilities }, { capabilities: [...capabilities].reverse() })
    wire.send('a', 0, utf8('to abc'), 'abc')
    wire.send('a', 4, utf8('to abc'), 'abc')
    wire.send('b', 0, utf8('to shh'), 'shh')
    expect(packetsOf(wire.fromB).map(({ capability, code }) => `${capability} ${code}`)).toEqual([
      'abc 0',
      'abc 4',
    ])
    expect(packetsOf(wire.fromA).map(({ capability, code }) => `${capability} ${code}`)).toEqual(['shh 0'])
  })

  it('give out bodies that stay, and take bodies that may change', () => {
    const wire = openPair()
    const body = new Uint8Array(300).fill(7)
    const frame = wire.a.send('shh', 1, body) as Uint8Array
    body.fill(0)
    const [packet] = packetsOf(wire.b.receive(frame, 0))
    frame.fill(0)
    expect(packet?.body).toEqual(new Uint8Array(300).fill(7))
  })

  it('end together, with the reason, and say nothing afterwards', () => {
    const wire = openPair()
    wire.carry(wire.a.disconnect(disconnectReasons.quitting), 'a')
    expect(closedOf(wire.a)).toMatchObject({
      by: 'us',
      cause: 'local',
      reason: 8,
      disconnectWritten: true,
      peerId: ID_B,
    })
    expect(closedOf(wire.b)).toMatchObject({
      by: 'peer',
      cause: 'remote',
      reason: 8,
      disconnectWritten: false,
    })
    for (const core of [wire.a, wire.b]) {
      expect(core.disconnect(3)).toEqual([])
      expect(core.tick(1e9)).toEqual([])
      expect(core.receive(utf8('more'), 1e9)).toEqual([])
      expect(core.start(1e9)).toEqual([])
      expect(core.send('shh', 1, utf8('x'))).toBe('not-open')
      expect(core.wakeAtMs).toBeUndefined()
      expect(closedOf(core).reason).toBe(8)
    }
  })

  it('send what they can and say why not', () => {
    const wire = openPair({ limits: { maxPacketBytes: 1000 } })
    const { a } = wire
    expect(initiator().send('shh', 1, utf8('x'))).toBe('not-open')
    expect(a.send('eth', 1, utf8('x'))).toBe('unknown-capability')
    for (const code of [-1, 128, 1.5, Number.NaN])
      expect(a.send('shh', code, utf8('x'))).toBe('code-out-of-range')
    expect(a.send('shh', 1, new Uint8Array(1001))).toBe('too-big')
    wire.send('a', 1, new Uint8Array(1000))
    expect(packetsOf(wire.fromB)).toHaveLength(1)
  })
})

describe('identity', () => {
  it('is refused when Hello names another node than the handshake', () => {
    const peer = new ScriptedPeer()
    const outputs = peer.sayHello({ nodeId: idOf(keyOf(0x77)) })
    expect(outputs.map(({ type }) => type)).toEqual(['write', 'close'])
    expect(closedOf(peer.core)).toMatchObject({
      cause: 'identity-mismatch',
      reason: disconnectReasons.unexpectedIdentity,
      peerId: ID_A,
    })
  })

  it('is refused by who dialled, too', () => {
    // b answers with its own key, but its Hello names a
    const wire = new Wire(initiator(), responder())
    wire.b.start(0)
    const [auth] = writesOf(wire.a.start(0))
    wire.b.receive(auth as Uint8Array, 0)
    expect(wire.b.state).toMatchObject({ type: 'hello', peerId: ID_A })
    // somebody else at that address cannot even open auth
    const stranger = responder({ nodeKey: keyOf(0x66) })
    stranger.start(0)
    const outputs = stranger.receive(auth as Uint8Array, 0)
    expect(outputs.map(({ type }) => type)).toEqual(['close'])
    expect(closedOf(stranger)).toMatchObject({ cause: 'bad-handshake', disconnectWritten: false })
  })

  it('is refused when it is our own', () => {
    const peer = new ScriptedPeer({}, KEY_B)
    expect(closedOf(peer.core)).toMatchObject({ cause: 'self', reason: disconnectReasons.self })
    expect(peer.heard).toEqual([{ code: 1, payload: encodeDisconnect(disconnectReasons.self) }])
  })

  it('is asked about once, before Hello', () => {
    const asked: Uint8Array[] = []
    const admit = (peerId: Uint8Array) => {
      asked.push(peerId)
      return disconnectReasons.tooManyPeers
    }
    const wire = new Wire(initiator(), responder({ admit })).connect()
    expect(asked).toEqual([ID_A])
    expect(closedOf(wire.b)).toMatchObject({ cause: 'local', by: 'us', reason: 4, disconnectWritten: true })
    expect(closedOf(wire.a)).toMatchObject({ cause: 'remote', by: 'peer', reason: 4 })
    expect(openPair({ admit: () => undefined }, { admit: () => undefined }).a.state.type).toBe('open')
  })

  it('does not get in when the question fails', () => {
    const admit = () => {
      throw new Error('policy')
    }
    const wire = new Wire(initiator(), responder({ admit })).connect()
    expect(closedOf(wire.a).reason).toBe(disconnectReasons.subprotocolError)
  })

  it('cannot be taken by replaying a recorded session', () => {
    const [a, b] = [initiator(), responder()]
    b.start(0)
    const recorded = writesOf(a.start(0))
    const fromB = writesOf(b.receive(recorded[0] as Uint8Array, 0))
    recorded.push(...writesOf(a.receive(concat(...fromB), 0)), a.send('shh', 1, utf8('secret')) as Uint8Array)
    const again = responder({ seed: 3 })
    again.start(0)
    const outputs = recorded.flatMap((bytes) => again.receive(bytes, 0))
    expect(outputs.some(({ type }) => type === 'open' || type === 'packet')).toBe(false)
    expect(closedOf(again)).toMatchObject({
      cause: 'bad-frame',
      reason: disconnectReasons.networkError,
      disconnectWritten: false,
    })
  })
})

describe('Hello', () => {
  it('is not answered by a link when nothing is shared', () => {
    const peer = new ScriptedPeer()
    peer.sayHello({
      capabilities: [
        { name: 'eth', version: 63 },
        { name: 'shh', version: 5 },
      ],
    })
    expect(closedOf(peer.core)).toMatchObject({
      cause: 'useless-peer',
      reason: disconnectReasons.uselessPeer,
    })
  })

  it.each([
    ['a packet', 16, utf8('x')],
    ['Ping', 2, Uint8Array.of(0xc0)],
    ['something that cannot be read', 0, Uint8Array.of(0xc0)],
    ['more than 2,048 bytes', 0, new Uint8Array(2049)],
  ])('is awaited: %s in its place ends the link', (_what, code, payload) => {
    const peer = new ScriptedPeer()
    peer.say(code, payload)
    expect(closedOf(peer.core)).toMatchObject({
      cause: 'bad-hello',
      reason: disconnectReasons.protocolBreach,
      disconnectWritten: true,
    })
  })

  it('ends the link with a node id of zeros', () => {
    const peer = new ScriptedPeer()
    peer.sayHello({ nodeId: new Uint8Array(64) })
    expect(closedOf(peer.core)).toMatchObject({
      cause: 'bad-hello',
      reason: disconnectReasons.invalidIdentity,
    })
  })

  it('of more than 2,048 bytes ends the link at its header', () => {
    const { core, say } = scripted()
    say(0, new Uint8Array(100_000), 32)
    expect(closedOf(core).cause).toBe('bad-hello')
  })

  it('may be replaced by Disconnect', () => {
    const peer = new ScriptedPeer()
    expect(peer.say(1, encodeDisconnect(4)).map(({ type }) => type)).toEqual(['close'])
    expect(closedOf(peer.core)).toMatchObject({
      by: 'peer',
      cause: 'remote',
      reason: 4,
      disconnectWritten: false,
    })
  })

  it('is ignored when it comes again', () => {
    const peer = new ScriptedPeer()
    peer.sayHello()
    expect(peer.sayHello()).toEqual([])
    expect(peer.core.state.type).toBe('open')
  })

  function scripted() {
    const peer = new ScriptedPeer()
    const core = peer.core
    // a frame of which only the start is delivered
    const say = (code: number, payload: Uint8Array, bytes: number) => {
      const original = core.receive
      core.receive = (frame, nowMs) => original(frame.subarray(0, bytes), nowMs)
      peer.say(code, payload)
      core.receive = original
    }
    return { core, say }
  }
})

describe('versions of the base protocol', () => {
  it('4: nothing is compressed', () => {
    const peer = new ScriptedPeer()
    peer.sayHello({ version: 4 })
    expect(openOf(peer.core).snappy).toBe(false)
    const body = new Uint8Array(500)
    expect(packetsOf(peer.say(16, body))).toEqual([{ code: 0, body, capability: 'shh' }])
    const frame = peer.core.send('shh', 0, body) as Uint8Array
    expect(frame.length).toBe(32 + 512 + 16)
  })

  it('a small body of an old peer keeps no more memory than itself', () => {
    const peer = new ScriptedPeer()
    peer.sayHello({ version: 4 })
    const [packet] = packetsOf(peer.say(16, utf8('small')))
    expect(packet?.body.buffer.byteLength).toBe(5)
  })

  it('5: everything after Hello is', () => {
    const peer = new ScriptedPeer()
    peer.sayHello()
    const body = new Uint8Array(500)
    expect(packetsOf(peer.say(16, snappyCompress(body)))).toEqual([{ code: 0, body, capability: 'shh' }])
    peer.say(2, snappyCompress(Uint8Array.of(0xc0)))
    expect(peer.heard.at(-1)).toEqual({ code: 3, payload: snappyCompress(Uint8Array.of(0xc0)) })
    expect((peer.core.send('shh', 0, body) as Uint8Array).length).toBeLessThan(150)
  })

  it('Disconnect is compressed when the peer takes it for compressed', () => {
    // before our Hello: not; after it: as our version says, unless the peer's Hello has said 4
    const refused = new ScriptedPeer({ admit: () => 4 })
    expect(refused.heard).toEqual([{ code: 1, payload: encodeDisconnect(4) }])
    const beforeTheirs = new ScriptedPeer()
    beforeTheirs.say(16, new Uint8Array(3))
    expect(snappyDecompress(beforeTheirs.heard.at(-1)?.payload as Uint8Array, 10)).toEqual(
      encodeDisconnect(2),
    )
    const old = new ScriptedPeer()
    old.sayHello({ version: 4, capabilities: [] })
    expect(old.heard.at(-1)).toEqual({ code: 1, payload: encodeDisconnect(3) })
  })

  it('Disconnect is read compressed or not, as a list or bare', () => {
    for (const payload of [
      Uint8Array.of(0xc1, 4),
      Uint8Array.of(4),
      snappyCompress(Uint8Array.of(0xc1, 4)),
      snappyCompress(Uint8Array.of(4)),
    ]) {
      const peer = new ScriptedPeer()
      peer.sayHello()
      peer.say(1, payload)
      expect(closedOf(peer.core)).toMatchObject({ by: 'peer', reason: 4 })
    }
  })
})

describe('packets that end the link', () => {
  const open = (options: Parameters<typeof responder>[0] = {}, version = 5) => {
    const peer = new ScriptedPeer(options)
    peer.sayHello({ version })
    return peer
  }

  it('a code that nobody owns', () => {
    const peer = open()
    peer.say(16 + 128, snappyCompress(utf8('x')))
    expect(closedOf(peer.core)).toMatchObject({
      cause: 'unknown-code',
      reason: disconnectReasons.protocolBreach,
      disconnectWritten: true,
    })
  })

  it('a body that is not Snappy', () => {
    const peer = open()
    peer.say(16, utf8('not compressed'))
    expect(closedOf(peer.core)).toMatchObject({
      cause: 'bad-compression',
      reason: disconnectReasons.protocolBreach,
    })
  })

  it('a body that becomes too big', () => {
    const peer = open({ limits: { maxPacketBytes: 1000 } })
    expect(packetsOf(peer.say(16, snappyCompress(new Uint8Array(1000))))).toHaveLength(1)
    peer.say(16, snappyCompress(new Uint8Array(1001)))
    expect(closedOf(peer.core).cause).toBe('too-big')
  })

  it('a frame that is too big, at its header, and a body that just fits into it', () => {
    const peer = open({ limits: { maxPacketBytes: 1000 } }, 4)
    expect(packetsOf(peer.say(16, new Uint8Array(1000)))).toHaveLength(1)
    peer.say(16, new Uint8Array(1001))
    expect(closedOf(peer.core).cause).toBe('too-big')
    const other = open({ limits: { maxPacketBytes: 1000 } }, 4)
    other.say(16, new Uint8Array(2000))
    expect(closedOf(other.core).cause).toBe('bad-frame')
  })

  it('what came before them is given out', () => {
    const peer = open()
    const good = [16, snappyCompress(utf8('good'))] as const
    const outputs = peer.sayAll([good, [16 + 128, snappyCompress(utf8('x'))], good])
    expect(outputs.map(({ type }) => type)).toEqual(['packet', 'write', 'close'])
  })

  it('codes of the base protocol that are not in use do not', () => {
    const peer = open()
    for (let code = 3; code < 16; code++) expect(peer.say(code, utf8('?'))).toEqual([])
    expect(peer.core.state.type).toBe('open')
  })
})

describe('time', () => {
  it('ends a handshake after 5 s', () => {
    for (const core of [initiator(), responder()]) {
      expect(core.wakeAtMs).toBeUndefined()
      core.start(1000)
      expect(core.wakeAtMs).toBe(6000)
      expect(core.tick(5999)).toEqual([])
      expect(core.tick(6000)).toEqual([{ type: 'close', closed: core.state }])
      expect(closedOf(core)).toMatchObject({
        cause: 'handshake-timeout',
        reason: disconnectReasons.timeout,
        disconnectWritten: false,
      })
    }
  })

  it('ends a peer that sends no Hello, and tells it', () => {
    const peer = new ScriptedPeer()
    expect(peer.tick(4999)).toEqual([])
    peer.tick(5000)
    expect(closedOf(peer.core)).toMatchObject({
      cause: 'handshake-timeout',
      disconnectWritten: true,
      peerId: ID_A,
    })
    expect(snappyDecompress(peer.heard.at(-1)?.payload as Uint8Array, 10)).toEqual(
      encodeDisconnect(disconnectReasons.timeout),
    )
  })

  it('is not won by a handshake that drips', () => {
    const core = responder()
    core.start(0)
    const [auth] = writesOf(initiator().start(0)) as [Uint8Array]
    for (let i = 0; i < 50; i++) {
      core.receive(auth.subarray(i, i + 1), i * 100)
      core.tick(i * 100)
    }
    core.tick(5000)
    expect(closedOf(core).cause).toBe('handshake-timeout')
  })

  it('pings every 15 s, and is answered', () => {
    const wire = openPair()
    expect(wire.a.wakeAtMs).toBe(15_000)
    expect(wire.a.tick(14_999)).toEqual([])
    wire.nowMs = 15_000
    const ping = wire.a.tick(15_000)
    expect(writesOf(ping)).toHaveLength(1)
    const pong = wire.b.receive(writesOf(ping)[0] as Uint8Array, 15_000)
    expect(pong.map(({ type }) => type)).toEqual(['write'])
    expect(wire.a.receive(writesOf(pong)[0] as Uint8Array, 15_000)).toEqual([])
    expect(wire.a.wakeAtMs).toBe(30_000)
  })

  it('answers many Pings of one chunk with one Pong', () => {
    const peer = new ScriptedPeer()
    peer.sayHello()
    const outputs = peer.sayAll(
      Array.from({ length: 100 }, () => [2, snappyCompress(Uint8Array.of(0xc0))] as const),
    )
    expect(outputs.map(({ type }) => type)).toEqual(['write'])
  })

  it('closes after 30 s without a message', () => {
    const peer = new ScriptedPeer()
    peer.sayHello()
    peer.nowMs = 20_000
    peer.say(3, snappyCompress(Uint8Array.of(0xc0)))
    peer.tick(49_999)
    expect(peer.core.state.type).toBe('open')
    peer.tick(50_000)
    expect(closedOf(peer.core)).toMatchObject({
      cause: 'idle-timeout',
      reason: disconnectReasons.timeout,
      disconnectWritten: true,
    })
  })

  it('counts whole messages, not bytes that drip', () => {
    const wire = openPair()
    const frame = wire.a.send(
      'shh',
      1,
      new Uint8Array(60_000).map((_, i) => i * 7),
    ) as Uint8Array
    for (let i = 0; i < 30; i++) {
      wire.b.receive(frame.subarray(i, i + 1), i * 1000)
      wire.b.tick(i * 1000)
    }
    wire.b.tick(30_000)
    expect(closedOf(wire.b).cause).toBe('idle-timeout')
  })

  it('does not blame the peer while nothing is read', () => {
    const wire = openPair()
    wire.b.pauseReading(true, 10_000)
    for (let t = 10_000; t < 200_000; t += 5000) wire.b.tick(t)
    expect(wire.b.state.type).toBe('open')
    wire.b.pauseReading(false, 200_000)
    wire.b.tick(229_999)
    expect(wire.b.state.type).toBe('open')
    wire.b.tick(230_000)
    expect(closedOf(wire.b).cause).toBe('idle-timeout')
  })
})

describe('options', () => {
  const good = {
    role: 'initiator',
    nodeKey: KEY_A,
    remoteId: ID_B,
    capabilities: [SHH],
    clientName: 'a',
    random: seededRandom(1),
  } as const
  it.each([
    ['nodeKey', { nodeKey: new Uint8Array(32) }],
    ['nodeKey', { nodeKey: new Uint8Array(31).fill(1) }],
    ['remoteId', { remoteId: ID_B.subarray(1) }],
    ['remoteId', { remoteId: new Uint8Array(64).fill(1) }],
    ['remoteId', { remoteId: ID_A }],
    ['capabilities', { capabilities: [] }],
    ['clientName', { clientName: 'x'.repeat(257) }],
    ['listenPort', { listenPort: 65_536 }],
    ['limits.handshakeTimeoutMs', { limits: { handshakeTimeoutMs: 0 } }],
    ['limits.pingIntervalMs', { limits: { pingIntervalMs: Number.NaN } }],
    ['limits.idleTimeoutMs', { limits: { idleTimeoutMs: -1 } }],
    ['limits.maxPacketBytes', { limits: { maxPacketBytes: 2 ** 24 } }],
  ])('are checked: %s', (name, change) => {
    expect(() => createLinkCore({ ...good, ...change })).toThrow(P2pError)
    expect(() => createLinkCore({ ...good, ...change })).toThrow(new RegExp(`^${name}: expected `))
  })

  it('do not show through', () => {
    const wire = openPair()
    const secret = Buffer.from(KEY_A).toString('hex')
    const shown = [
      inspect(wire.a, { depth: 9, showHidden: true }),
      JSON.stringify(wire.a),
      JSON.stringify(wire.fromA),
    ]
    for (const text of shown) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(KEY_A.slice(0, 8).join(', '))
    }
  })
})

describe('hostile bytes', () => {
  it('fuzz: never throw in any state; the link ends once and for good', () => {
    const random = seededRandom(51)
    const recorded = record()
    for (let i = 0; i < FUZZ_COUNT / 20; i++) {
      // the same seeds make the same keys, so that what is left unchanged is understood
      const core = responder()
      core.start(0)
      const chunks = [...recorded]
      const at = random.int(chunks.length)
      chunks[at] = mutate(chunks[at] as Uint8Array, random)
      const outputs = chunks.flatMap((chunk) => [...core.receive(chunk, 0), ...core.tick(1)])
      const closes = outputs.filter(({ type }) => type === 'close').length
      expect(closes).toBe(core.state.type === 'closed' ? 1 : 0)
      if (closes === 1) expect(outputs.at(-1)?.type).toBe('close')
      for (const { body } of packetsOf(outputs)) expect(equal(body, utf8('hello hello hello'))).toBe(true)
    }
  })

  it('fuzz: of an authenticated peer never throw either', () => {
    const random = seededRandom(52)
    const seeds = [
      encodeHello(HELLO),
      snappyCompress(utf8('status '.repeat(50))),
      encodeDisconnect(4),
      Uint8Array.of(0xc0),
    ]
    let peer = new ScriptedPeer()
    for (let i = 0; i < FUZZ_COUNT / 20; i++) {
      if (peer.core.state.type === 'closed') {
        peer = new ScriptedPeer()
        if (random.int(4) > 0) peer.sayHello()
      }
      const code = random.pick([0, 1, 2, 3, 9, 16, 17, 143, 144, 0xffff])
      const outputs = peer.say(
        random.int(8) === 0 ? code : random.pick([16, 17, 143]),
        mutate(random.pick(seeds), random),
      )
      expect(outputs.filter(({ type }) => type === 'close').length).toBe(
        peer.core.state.type === 'closed' ? 1 : 0,
      )
    }
  })

  /** What a sends b in a session whose randomness is that of `responder()`. */
  function record(): Uint8Array[] {
    const [a, b] = [initiator(), responder()]
    b.start(0)
    const chunks = writesOf(a.start(0))
    chunks.push(concat(...writesOf(a.receive(concat(...writesOf(b.receive(chunks[0] as Uint8Array, 0))), 0))))
    for (let i = 0; i < 4; i++) chunks.push(a.send('shh', i, utf8('hello hello hello')) as Uint8Array)
    return chunks
  }
})
