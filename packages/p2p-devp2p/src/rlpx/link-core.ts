import { equal } from '@status-protocol/bytes'
import {
  type DisconnectReason,
  disconnectReasons,
  disconnectReasonText,
  encodeDisconnect,
  readDisconnect,
} from '../base/disconnect.ts'
import { type Hello, readFirstMessage } from '../base/hello.ts'
import { BASE_CODES, baseCodes, EMPTY_LIST, MAX_HELLO_BYTES, SNAPPY_VERSION } from '../base/messages.ts'
import { capabilityOf, matchCapabilities } from '../capabilities.ts'
import type { LinkClosed, LinkCore, LinkCoreOptions, LinkOpen, LinkOutput, LinkState } from '../link.ts'
import { maxCompressedLength, snappyDecompress } from '../snappy.ts'
import { PLAIN_ACK_BYTES } from './ack.ts'
import { PLAIN_AUTH_BYTES } from './auth.ts'
import { MAX_FRAME_BYTES } from './frame.ts'
import { createFrameDecoder, type FrameDecoder, type FrameRefusal } from './frame-decoder.ts'
import { createFrameEncoder, type FrameEncoder } from './frame-encoder.ts'
import { answerHandshake, type StartedHandshake, startHandshake } from './handshake.ts'
import { createHandshakeReader, type HandshakeReader, type OpenedPacket } from './handshake-packet.ts'
import { linkSettings } from './link-settings.ts'
import { MAX_CODE_BYTES, readCode } from './message-code.ts'
import type { FrameSecrets } from './secrets.ts'

type Stage =
  | { readonly type: 'new' }
  | { readonly type: 'auth'; readonly reader: HandshakeReader; readonly started?: StartedHandshake }
  | ({ readonly type: 'hello'; readonly peerId: Uint8Array } & Frames)
  | ({ readonly type: 'open'; readonly link: LinkOpen } & Frames)
  | { readonly type: 'closed'; readonly closed: LinkClosed }

interface Frames {
  readonly encoder: FrameEncoder
  readonly decoder: FrameDecoder
}

/** `tell`: the peer is to hear it. */
type Ending = Pick<LinkClosed, 'reason' | 'by' | 'cause' | 'detail'> & { readonly tell: boolean }

/**
 * A connection to one peer, before its first byte.
 *
 * @throws P2pError `invalid-argument` when an option cannot be used; nothing throws after that
 */
export function createLinkCore(options: LinkCoreOptions): LinkCore {
  const settings = linkSettings(options)
  const { crypto, limits } = settings
  const context = { crypto, random: options.random, nodeKey: options.nodeKey.slice() }

  let stage: Stage = { type: 'new' }
  /** Whether frames that we write are compressed. */
  let snappy = false
  let handshakeEndsAt = 0
  let nextPingAt = 0
  let idleSince = 0
  let reading = true

  const start = (nowMs: number): readonly LinkOutput[] => {
    if (stage.type !== 'new') return []
    handshakeEndsAt = nowMs + limits.handshakeTimeoutMs
    if (!settings.remote) {
      stage = { type: 'auth', reader: createHandshakeReader(context, PLAIN_AUTH_BYTES) }
      return []
    }
    const started = startHandshake(context, settings.remote.publicKey)
    stage = { type: 'auth', reader: createHandshakeReader(context, PLAIN_ACK_BYTES), started }
    return [write(started.auth)]
  }

  const receive = (bytes: Uint8Array, nowMs: number): readonly LinkOutput[] => {
    const outputs: LinkOutput[] = []
    const ending = advance(bytes, nowMs, outputs)
    if (ending) end(ending, outputs)
    return outputs
  }

  /** Everything that bytes can bring about; what ends the connection is returned, by all functions below. */
  const advance = (bytes: Uint8Array, nowMs: number, outputs: LinkOutput[]): Ending | undefined => {
    let rest = bytes
    if (stage.type === 'auth') {
      const step = stage.reader.read(bytes)
      if (step.type === 'more') return undefined
      if (step.type === 'refused') return badHandshake(step.detail)
      const ending = stage.started
        ? finishHandshake(stage.started, step.opened, outputs)
        : takeHandshake(step.opened, outputs)
      if (ending) return ending
      rest = step.rest
    }
    return stage.type === 'hello' || stage.type === 'open'
      ? readFrames(stage, rest, nowMs, outputs)
      : undefined
  }

  const finishHandshake = (started: StartedHandshake, ack: OpenedPacket, outputs: LinkOutput[]) => {
    const secrets = started.finish(ack)
    if (!secrets || !settings.remote) return badHandshake('an ack that makes no sense')
    return greet(settings.remote.id, secrets, outputs)
  }

  const takeHandshake = (auth: OpenedPacket, outputs: LinkOutput[]) => {
    const answer = answerHandshake(context, auth)
    if (!answer) return badHandshake('an auth that makes no sense')
    outputs.push(write(answer.ack))
    return greet(answer.peerId, answer.secrets, outputs)
  }

  /** Both sides have their keys: say Hello, or why not. */
  const greet = (peerId: Uint8Array, secrets: FrameSecrets, outputs: LinkOutput[]): Ending | undefined => {
    const encoder = createFrameEncoder(crypto, secrets)
    stage = { type: 'hello', peerId, encoder, decoder: createFrameDecoder(crypto, secrets) }
    if (equal(peerId, settings.nodeId))
      return byUs('self', disconnectReasons.self, 'the peer has our own key')
    const refusal = admission(options.admit, peerId)
    if (refusal !== undefined) return byUs('local', refusal, `not admitted: ${disconnectReasonText(refusal)}`)
    writeMessage(encoder, baseCodes.hello, settings.hello, outputs)
    // Whatever we write after our Hello, the peer reads after it: as compressed, unless it is of an old version.
    snappy = true
    return undefined
  }

  const readFrames = (
    { decoder, encoder }: Frames,
    bytes: Uint8Array,
    nowMs: number,
    outputs: LinkOutput[],
  ): Ending | undefined => {
    decoder.push(bytes)
    let pinged = false
    for (;;) {
      const limit = maxBodyBytes()
      const step = decoder.next(limit)
      if (step.type === 'more') break
      if (step.type === 'refused') return badFrame(step.refusal, limit)
      idleSince = nowMs
      const code = readCode(step.body)
      if (!code) return breach('bad-frame', 'a frame without a message code')
      const payload = step.body.subarray(code.length)
      if (stage.type === 'open' && code.code === baseCodes.ping) pinged = true
      else {
        const ending =
          stage.type === 'open'
            ? readMessage(stage.link, code.code, payload, outputs)
            : readFirst(code.code, payload, nowMs, outputs)
        if (ending) return ending
      }
    }
    // One Pong for all Pings of a chunk: a peer cannot make us write more than it writes itself.
    if (pinged) writeMessage(encoder, baseCodes.pong, EMPTY_LIST, outputs)
    return undefined
  }

  const maxBodyBytes = (): number => {
    if (stage.type !== 'open') return MAX_CODE_BYTES + MAX_HELLO_BYTES
    const payload = snappy ? maxCompressedLength(limits.maxPacketBytes) : limits.maxPacketBytes
    return Math.min(MAX_FRAME_BYTES, MAX_CODE_BYTES + payload)
  }

  const badFrame = (refusal: FrameRefusal, limit: number): Ending => {
    if (refusal === 'too-big')
      return breach(stage.type === 'open' ? 'bad-frame' : 'bad-hello', `a frame above ${limit} bytes`)
    // These are not the peer's bytes any more: there is nobody to say anything to.
    const detail = `a frame with a wrong ${refusal === 'header-mac' ? 'header' : 'body'} MAC`
    return { ...byUs('bad-frame', disconnectReasons.networkError, detail), tell: false }
  }

  const readFirst = (code: number, body: Uint8Array, nowMs: number, outputs: LinkOutput[]) => {
    const first = readFirstMessage(code, body)
    if (first.type === 'hello') return takeHello(first.hello, nowMs, outputs)
    if (first.type === 'disconnect') return byPeer(first.reason)
    return byUs('bad-hello', first.reason, first.detail)
  }

  const takeHello = (hello: Hello, nowMs: number, outputs: LinkOutput[]): Ending | undefined => {
    if (stage.type !== 'hello') return undefined
    const { peerId, encoder, decoder } = stage
    snappy = hello.version >= SNAPPY_VERSION
    if (!equal(hello.nodeId, peerId)) {
      const detail = 'Hello with another node id than the key of the handshake'
      return byUs('identity-mismatch', disconnectReasons.unexpectedIdentity, detail)
    }
    const capabilities = matchCapabilities(settings.capabilities, hello.capabilities)
    if (capabilities.length === 0)
      return byUs('useless-peer', disconnectReasons.uselessPeer, 'no capability in common')
    const link: LinkOpen = { type: 'open', peerId, hello, capabilities, snappy }
    stage = { type: 'open', link, encoder, decoder }
    nextPingAt = nowMs + limits.pingIntervalMs
    outputs.push({ type: 'open', link })
    return undefined
  }

  const readMessage = (
    link: LinkOpen,
    code: number,
    payload: Uint8Array,
    outputs: LinkOutput[],
  ): Ending | undefined => {
    if (code === baseCodes.disconnect) return byPeer(readDisconnect(payload))
    if (code < BASE_CODES) return undefined // Pong, a second Hello, codes not in use: go-ethereum ignores them too
    const capability = capabilityOf(link.capabilities, code)
    if (!capability) return breach('unknown-code', `message code ${code}, which no shared capability has`)
    // a copy: a small body that waits to be read must not keep the whole slab that its frame was cut from
    const body = snappy ? snappyDecompress(payload, limits.maxPacketBytes) : payload.slice()
    if (body === 'malformed')
      return breach('bad-compression', `a ${capability.name} packet that is not Snappy`)
    if (body === 'too-big' || body.length > limits.maxPacketBytes)
      return breach('too-big', `a ${capability.name} packet above ${limits.maxPacketBytes} bytes`)
    outputs.push({ type: 'packet', capability, code: code - capability.offset, body })
    return undefined
  }

  const writeMessage = (
    encoder: FrameEncoder,
    code: number,
    body: Uint8Array,
    outputs: LinkOutput[],
  ): void => {
    const frame = encoder.encode(code, body, snappy)
    if (frame) outputs.push(write(frame))
  }

  /** Closes for good; says Disconnect first if it should and there are keys to say it with. */
  const end = ({ tell, ...ending }: Ending, outputs: LinkOutput[]): void => {
    const encoder = stage.type === 'hello' || stage.type === 'open' ? stage.encoder : undefined
    if (tell && encoder) writeMessage(encoder, baseCodes.disconnect, encodeDisconnect(ending.reason), outputs)
    const peerId = peerIdOf(stage)
    const disconnectWritten = tell && encoder !== undefined
    const closed: LinkClosed = { type: 'closed', ...ending, ...(peerId && { peerId }), disconnectWritten }
    stage = { type: 'closed', closed }
    outputs.push({ type: 'close', closed })
  }

  const idleEndsAt = (): number => (reading ? idleSince + limits.idleTimeoutMs : Number.POSITIVE_INFINITY)

  const tick = (nowMs: number): readonly LinkOutput[] => {
    const outputs: LinkOutput[] = []
    if ((stage.type === 'auth' || stage.type === 'hello') && nowMs >= handshakeEndsAt) {
      const detail = `no ${stage.type === 'auth' ? 'handshake' : 'Hello'} within ${limits.handshakeTimeoutMs} ms`
      end(byUs('handshake-timeout', disconnectReasons.timeout, detail), outputs)
    } else if (stage.type === 'open' && nowMs >= idleEndsAt()) {
      const detail = `no message within ${limits.idleTimeoutMs} ms`
      end(byUs('idle-timeout', disconnectReasons.timeout, detail), outputs)
    } else if (stage.type === 'open' && nowMs >= nextPingAt) {
      nextPingAt = nowMs + limits.pingIntervalMs
      writeMessage(stage.encoder, baseCodes.ping, EMPTY_LIST, outputs)
    }
    return outputs
  }

  return {
    get state() {
      return stateOf(stage)
    },
    get wakeAtMs() {
      if (stage.type === 'auth' || stage.type === 'hello') return handshakeEndsAt
      return stage.type === 'open' ? Math.min(nextPingAt, idleEndsAt()) : undefined
    },
    start,
    receive,
    send(capability, code, body) {
      if (stage.type !== 'open') return 'not-open'
      const shared = stage.link.capabilities.find(({ name }) => name === capability)
      if (!shared) return 'unknown-capability'
      if (!Number.isInteger(code) || code < 0 || code >= shared.length) return 'code-out-of-range'
      if (body.length > limits.maxPacketBytes) return 'too-big'
      return stage.encoder.encode(shared.offset + code, body, snappy) ?? 'too-big'
    },
    tick,
    pauseReading(paused, nowMs) {
      if (reading === !paused) return
      reading = !paused
      idleSince = nowMs
    },
    disconnect(reason) {
      const outputs: LinkOutput[] = []
      if (stage.type !== 'closed') end(byUs('local', reason & 0xff, disconnectReasonText(reason)), outputs)
      return outputs
    },
  }
}

function write(bytes: Uint8Array): LinkOutput {
  return { type: 'write', bytes }
}

function byUs(cause: LinkClosed['cause'], reason: DisconnectReason, detail: string): Ending {
  return { by: 'us', cause, reason, detail, tell: true }
}

function breach(cause: LinkClosed['cause'], detail: string): Ending {
  return byUs(cause, disconnectReasons.protocolBreach, detail)
}

function byPeer(reason: DisconnectReason): Ending {
  return { by: 'peer', cause: 'remote', reason, detail: disconnectReasonText(reason), tell: false }
}

function badHandshake(detail: string): Ending {
  return breach('bad-handshake', detail)
}

function admission(admit: LinkCoreOptions['admit'], peerId: Uint8Array): DisconnectReason | undefined {
  try {
    return admit?.(peerId.slice())
  } catch {
    return disconnectReasons.subprotocolError
  }
}

function peerIdOf(stage: Stage): Uint8Array | undefined {
  if (stage.type === 'hello') return stage.peerId
  return stage.type === 'open' ? stage.link.peerId : undefined
}

function stateOf(stage: Stage): LinkState {
  switch (stage.type) {
    case 'new':
    case 'auth':
      return { type: 'auth' }
    case 'hello':
      return { type: 'hello', peerId: stage.peerId }
    case 'open':
      return stage.link
    case 'closed':
      return stage.closed
  }
}
