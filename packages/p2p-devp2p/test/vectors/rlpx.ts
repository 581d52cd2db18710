import { concat, toHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorSuite,
} from '@status-protocol/testkit'
import { readFirstMessage } from '../../src/base/hello.ts'
import { type Ack, PLAIN_ACK_BYTES, readAck, readPlainAck } from '../../src/rlpx/ack.ts'
import { type Auth, PLAIN_AUTH_BYTES, readAuth, readPlainAuth } from '../../src/rlpx/auth.ts'
import { MAX_FRAME_BYTES } from '../../src/rlpx/frame.ts'
import { createFrameDecoder } from '../../src/rlpx/frame-decoder.ts'
import { createFrameEncoder } from '../../src/rlpx/frame-encoder.ts'
import { idOf, publicKeyOf, verifyAuth } from '../../src/rlpx/handshake.ts'
import { createHandshakeReader, type OpenedPacket } from '../../src/rlpx/handshake-packet.ts'
import { readCode } from '../../src/rlpx/message-code.ts'
import { deriveSecrets, type FrameSecrets, xor } from '../../src/rlpx/secrets.ts'
import { snappyDecompress } from '../../src/snappy.ts'

/** RLPx: auth and ack, secrets, MAC states, frames both ways, Hello. */
export const suite: VectorSuite = {
  file: 'rlpx.json',
  kinds: {
    handshake: {
      expected: [
        ...[
          'format',
          'initiator_nonce',
          'responder_nonce',
          'static_shared_secret',
          'ephemeral_shared_secret',
        ],
        ...['auth_signature', 'auth', 'ack', 'aes_secret', 'mac_secret', 'initiator_egress_mac_state'],
        ...[
          'initiator_ingress_mac_state',
          'responder_egress_mac_state',
          'responder_ingress_mac_state',
          'frames',
        ],
      ],
      notExpected: { 'frames.*.note': 'a remark for readers' },
      check: checkHandshake,
    },
    auth_read: {
      expected: [
        ...['verdict', 'initiator_public_key_64', 'initiator_ephemeral_public_key', 'nonce', 'version'],
        'plain_format',
      ],
      check(c) {
        const opened = openPacket(hex(c.auth), hex(c.responder_private_key), PLAIN_AUTH_BYTES)
        const auth = opened && authOf(opened)
        const parties = auth && verifyAuth(crypto, hex(c.responder_private_key), auth)
        expectSame(parties ? 'ok' : 'error', c.verdict, 'verdict')
        if (!parties) return
        expectHex(parties.remote.subarray(1), c.initiator_public_key_64, 'initiator_public_key_64')
        expectHex(parties.ephemeral, c.initiator_ephemeral_public_key, 'initiator_ephemeral_public_key')
        expectHex(auth.nonce, c.nonce, 'nonce')
        expectSame(Number(auth.version), c.version, 'version')
        expectSame(opened.plain, c.plain_format, 'plain_format')
      },
    },
    ack_read: {
      expected: ['verdict', 'responder_ephemeral_public_key_64', 'nonce', 'version'],
      check(c) {
        const opened = openPacket(hex(c.ack), hex(c.initiator_private_key), PLAIN_ACK_BYTES)
        const ack = opened && ackOf(opened)
        expectSame(ack && publicKeyOf(crypto, ack.ephemeralId) ? 'ok' : 'error', c.verdict, 'verdict')
        if (!ack) return
        expectHex(ack.ephemeralId, c.responder_ephemeral_public_key_64, 'responder_ephemeral_public_key_64')
        expectHex(ack.nonce, c.nonce, 'nonce')
        expectSame(Number(ack.version), c.version, 'version')
      },
    },
    frame_negative: {
      expected: ['aes_secret', 'mac_secret', 'verdict', 'code', 'body_rlp'],
      check(c) {
        const secrets = secretsOf(c)
        const reader = secrets[readerOf(c.reader)]
        expectHex(reader.aes, c.aes_secret, 'aes_secret')
        expectHex(reader.mac, c.mac_secret, 'mac_secret')
        const message = readFrame(reader, hex(c.frame), true)
        expectSame(message ? 'ok' : 'error', c.verdict, 'verdict')
        if (!message) return
        expectSame(message.code, c.code, 'code')
        expectHex(message.body, c.body_rlp, 'body_rlp')
      },
    },
    hello_read: {
      expected: ['verdict', 'version', 'client', 'capabilities', 'listen_port', 'node_id'],
      check(c) {
        const first = readFirstMessage(c.code, hex(c.body_rlp))
        expectSame(first.type === 'hello' ? 'ok' : 'error', c.verdict, 'verdict')
        if (first.type !== 'hello') return
        const { hello } = first
        expectSame(hello.version, c.version, 'version')
        expectSame(hello.clientName, c.client, 'client')
        expectSame(hello.capabilities, c.capabilities, 'capabilities')
        expectSame(hello.listenPort, c.listen_port, 'listen_port')
        expectHex(hello.nodeId, c.node_id, 'node_id')
      },
    },
  },
}

function checkHandshake(c: VectorCase): void {
  const [initiatorKey, responderKey] = [hex(c.initiator_private_key), hex(c.responder_private_key)]
  const staticSecret = crypto.ecdh(initiatorKey, crypto.publicKey(responderKey))
  expectHex(staticSecret, c.static_shared_secret, 'static_shared_secret')
  expectHex(ephemeralSecretOf(c), c.ephemeral_shared_secret, 'ephemeral_shared_secret')

  const opened = openPacket(hex(c.auth), responderKey, PLAIN_AUTH_BYTES)
  expectThat(opened !== undefined, 'auth: cannot be opened')
  expectSame(opened.plain ? 'pre-eip8' : 'eip8', c.format, 'format')
  expectSame(toHex(opened.packet), c.auth, 'auth')
  const auth = authOf(opened)
  expectThat(auth !== undefined, 'auth: cannot be read')
  expectHex(auth.nonce, c.initiator_nonce, 'initiator_nonce')
  expectHex(auth.initiatorId, toHex(idOf(crypto, initiatorKey)), 'initiator id in auth')
  expectHex(auth.signature, c.auth_signature, 'auth_signature')
  const ephemeralKey = hex(c.initiator_ephemeral_private_key)
  expectHex(crypto.sign(xor(staticSecret, auth.nonce), ephemeralKey), c.auth_signature, 'our auth_signature')
  const parties = verifyAuth(crypto, responderKey, auth)
  expectHex(parties?.ephemeral, toHex(crypto.publicKey(ephemeralKey)), 'ephemeral key recovered from auth')

  const openedAck = openPacket(hex(c.ack), initiatorKey, PLAIN_ACK_BYTES)
  expectThat(openedAck !== undefined, 'ack: cannot be opened')
  expectSame(openedAck.plain, opened.plain, 'form of ack')
  expectSame(toHex(openedAck.packet), c.ack, 'ack')
  const ack = ackOf(openedAck)
  expectHex(ack?.nonce, c.responder_nonce, 'responder_nonce')
  expectHex(ack?.ephemeralId, toHex(idOf(crypto, hex(c.responder_ephemeral_private_key))), 'id in ack')

  const { initiator, responder } = secretsOf(c)
  for (const secrets of [initiator, responder]) {
    expectHex(secrets.aes, c.aes_secret, 'aes_secret')
    expectHex(secrets.mac, c.mac_secret, 'mac_secret')
  }
  expectHex(initiator.egressMac.digest(), c.initiator_egress_mac_state, 'initiator_egress_mac_state')
  expectHex(initiator.ingressMac.digest(), c.initiator_ingress_mac_state, 'initiator_ingress_mac_state')
  expectHex(responder.egressMac.digest(), c.responder_egress_mac_state, 'responder_egress_mac_state')
  expectHex(responder.ingressMac.digest(), c.responder_ingress_mac_state, 'responder_ingress_mac_state')
  checkFrames(c, { initiator, responder })
}

/** Each frame is read by the other side, and made again from what was read. */
function checkFrames(c: VectorCase, secrets: Record<Side, FrameSecrets>): void {
  const decoders = {
    initiator: createFrameDecoder(crypto, secrets.responder),
    responder: createFrameDecoder(crypto, secrets.initiator),
  }
  const again = secretsOf(c)
  const encoders = {
    initiator: createFrameEncoder(crypto, again.initiator),
    responder: createFrameEncoder(crypto, again.responder),
  }
  for (const [i, frame] of (c.frames as VectorCase[]).entries()) {
    const from = readerOf(frame.from)
    const bytes = hex(frame.frame)
    const decoder = decoders[from]
    decoder.push(bytes)
    const step = decoder.next(MAX_FRAME_BYTES)
    expectThat(step.type === 'frame', `frames.${i}: ${step.type}`)
    const code = readCode(step.body)
    expectSame(code?.code, frame.code, `frames.${i}.code`)
    const payload = step.body.subarray(code?.length)
    const body = frame.snappy ? snappyDecompress(payload, MAX_FRAME_BYTES) : payload
    expectHex(typeof body === 'string' ? undefined : body, frame.body_rlp, `frames.${i}.body_rlp`)
    expectHex(encoders[from].encode(frame.code, payload, false), frame.frame, `frames.${i}.frame`)
  }
}

type Side = 'initiator' | 'responder'

function readerOf(value: unknown): Side {
  expectThat(value === 'initiator' || value === 'responder', `expected a side, got ${String(value)}`)
  return value
}

function openPacket(bytes: Uint8Array, nodeKey: Uint8Array, plainBytes: number): OpenedPacket | undefined {
  const step = createHandshakeReader({ crypto, nodeKey }, plainBytes).read(bytes)
  if (step.type !== 'packet') return undefined
  expectHex(concat(step.opened.packet, step.rest), toHex(bytes), 'packet and rest')
  return step.opened
}

function authOf({ plaintext, plain }: OpenedPacket): Auth | undefined {
  return plain ? readPlainAuth(plaintext) : readAuth(plaintext)
}

function ackOf({ plaintext, plain }: OpenedPacket): Ack | undefined {
  return plain ? readPlainAck(plaintext) : readAck(plaintext)
}

function ephemeralSecretOf(c: VectorCase): Uint8Array {
  const responder = crypto.publicKey(hex(c.responder_ephemeral_private_key))
  return crypto.ecdh(hex(c.initiator_ephemeral_private_key), responder)
}

function secretsOf(c: VectorCase): Record<Side, FrameSecrets> {
  const input = {
    ephemeralSecret: ephemeralSecretOf(c),
    initiatorNonce: hex(c.initiator_nonce),
    responderNonce: hex(c.responder_nonce),
    auth: hex(c.auth),
    ack: hex(c.ack),
  }
  return {
    initiator: deriveSecrets(crypto, { role: 'initiator', ...input }),
    responder: deriveSecrets(crypto, { role: 'responder', ...input }),
  }
}

/** The message in one whole frame, or undefined if there is none. */
function readFrame(secrets: FrameSecrets, bytes: Uint8Array, snappy: boolean) {
  const decoder = createFrameDecoder(crypto, secrets)
  decoder.push(bytes)
  const step = decoder.next(MAX_FRAME_BYTES)
  const code = step.type === 'frame' ? readCode(step.body) : undefined
  if (step.type !== 'frame' || !code) return undefined
  const payload = step.body.subarray(code.length)
  const body = snappy ? snappyDecompress(payload, MAX_FRAME_BYTES) : payload
  return typeof body === 'string' ? undefined : { code: code.code, body }
}
