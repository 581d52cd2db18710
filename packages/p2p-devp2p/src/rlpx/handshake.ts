/**
 * The RLPx handshake, both sides: auth from who dials, ack from who was dialled, keys for both.
 *
 * Who can answer auth has the key that was dialled; who can sign auth has the key it names. A replayed auth gets an ack
 * with new secrets that the replayer cannot compute: its first frame fails.
 */
import { concat, type PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, generatePrivateKey } from '@status-protocol/crypto'
import { encodeAck, encodePlainAck, readAck, readPlainAck } from './ack.ts'
import { type Auth, encodeAuth, readAuth, readPlainAuth } from './auth.ts'
import { type HandshakeContext, type OpenedPacket, sealEip8, sealPlain } from './handshake-packet.ts'
import { deriveSecrets, type FrameSecrets, xor } from './secrets.ts'

const VERSION = 4n
const NONCE_BYTES = 32

/** A handshake that we began. */
export interface StartedHandshake {
  /** To be written. */
  readonly auth: Uint8Array
  /** undefined: the ack makes no sense. */
  finish(ack: OpenedPacket): FrameSecrets | undefined
}

export function startHandshake(context: HandshakeContext, remote: PublicKey): StartedHandshake {
  const { crypto, random, nodeKey } = context
  const ephemeralKey = generatePrivateKey(crypto, random)
  const nonce = random.bytes(NONCE_BYTES)
  const signature = crypto.sign(xor(crypto.ecdh(nodeKey, remote), nonce), ephemeralKey)
  const message = encodeAuth({ signature, initiatorId: idOf(crypto, nodeKey), nonce, version: VERSION })
  const auth = sealEip8(context, remote, message)
  return {
    auth,
    finish({ packet, plaintext, plain }) {
      const ack = plain ? readPlainAck(plaintext) : readAck(plaintext)
      const remoteEphemeral = ack && publicKeyOf(crypto, ack.ephemeralId)
      if (!remoteEphemeral) return undefined
      return deriveSecrets(crypto, {
        role: 'initiator',
        ephemeralSecret: crypto.ecdh(ephemeralKey, remoteEphemeral),
        initiatorNonce: nonce,
        responderNonce: ack.nonce,
        auth,
        ack: packet,
      })
    },
  }
}

/** A handshake that we answered. */
export interface AnsweredHandshake {
  /** To be written, in the form in which auth came. */
  readonly ack: Uint8Array
  /** 64 bytes: who dialled. */
  readonly peerId: Uint8Array
  readonly secrets: FrameSecrets
}

/** undefined: the auth makes no sense, or its signature does not belong to a key. */
export function answerHandshake(
  context: HandshakeContext,
  { packet, plaintext, plain }: OpenedPacket,
): AnsweredHandshake | undefined {
  const { crypto, random, nodeKey } = context
  const auth = plain ? readPlainAuth(plaintext) : readAuth(plaintext)
  const parties = auth && verifyAuth(crypto, nodeKey, auth)
  if (!parties) return undefined
  const ephemeralKey = generatePrivateKey(crypto, random)
  const nonce = random.bytes(NONCE_BYTES)
  const message = { ephemeralId: idOf(crypto, ephemeralKey), nonce, version: VERSION }
  const ack = plain
    ? sealPlain(context, parties.remote, encodePlainAck(message))
    : sealEip8(context, parties.remote, encodeAck(message))
  const secrets = deriveSecrets(crypto, {
    role: 'responder',
    ephemeralSecret: crypto.ecdh(ephemeralKey, parties.ephemeral),
    initiatorNonce: auth.nonce,
    responderNonce: nonce,
    auth: packet,
    ack,
  })
  return { ack, peerId: auth.initiatorId, secrets }
}

/** Both keys of who sent an auth, or undefined if one of them is none. */
export function verifyAuth(
  crypto: CryptoProvider,
  nodeKey: Uint8Array,
  auth: Auth,
): { readonly remote: PublicKey; readonly ephemeral: PublicKey } | undefined {
  const remote = publicKeyOf(crypto, auth.initiatorId)
  if (!remote) return undefined
  const ephemeral = crypto.recover(xor(crypto.ecdh(nodeKey, remote), auth.nonce), auth.signature)
  return ephemeral && { remote, ephemeral }
}

/** 64 bytes: the node id that goes with a private key. */
export function idOf(crypto: CryptoProvider, privateKey: Uint8Array): Uint8Array {
  return crypto.publicKey(privateKey).slice(1)
}

/** 65 bytes, or undefined if the 64-byte id is no point of the curve. */
export function publicKeyOf(crypto: CryptoProvider, id: Uint8Array): PublicKey | undefined {
  return crypto.parsePublicKey(concat(Uint8Array.of(4), id))
}
