/**
 * How a session begins: who cannot read a message asks who sent it (WHOAREYOU), and the answer is signed.
 *
 * Who has answered a challenge receives at its address; so does who knows the nonce of our message. Until then an address
 * gets one packet of 63 bytes for each of its own, which has at least as many.
 */
import { concat, equal } from '@status-protocol/bytes'
import { generatePrivateKey } from '@status-protocol/crypto'
import { decodeNodeRecord, type NodeRecord } from '../enr.ts'
import { P2pError } from '../error.ts'
import type { TableNode } from '../kademlia/node.ts'
import type { UdpAddress } from '../udp.ts'
import { addressOf, type Caller, type Context } from './context.ts'
import { nodeAt } from './endpoint.ts'
import { deriveSessionKeys, identityHash } from './handshake.ts'
import { authdataOf, type Discv5Packet, encodeDiscv5Packet, ID_NONCE_BYTES, IV_BYTES } from './packet.ts'

type Handshake = Discv5Packet & { readonly type: 'handshake' }

export interface Opening {
  /** Asks who has sent a message that we cannot read. */
  challenge(nonce: Uint8Array, from: Caller): void
  /** Answers who asks us. */
  takeChallenge(packet: Discv5Packet & { readonly type: 'whoareyou' }, from: UdpAddress): void
  /** What it says, with the node that says so if its record has the address; undefined: it has proven nothing. */
  takeHandshake(
    packet: Handshake,
    from: Caller,
  ): { readonly plaintext: Uint8Array; readonly node: TableNode | undefined } | undefined
}

export function createOpening(context: Context): Opening {
  const { own, sessions, calls, counts, table, random } = context
  const { crypto } = own

  /** Undefined: it is not the node of the record that has signed the challenge, or it is not for us. */
  const openWith = (
    challenge: Uint8Array,
    record: NodeRecord,
    { signature, ephemeralKey, nonce, sealed, authenticated }: Handshake,
    { id }: Caller,
  ) => {
    const publicKey = concat(Uint8Array.of(4), record.peerId)
    const hash = identityHash({ challenge, ephemeralKey, recipientId: own.id }, crypto)
    if (!equal(record.nodeAddress, id) || !crypto.verify(hash, signature, publicKey)) return undefined
    const parties = { privateKey: own.nodeKey, publicKey: ephemeralKey, initiatorId: id, recipientId: own.id }
    const keys = deriveSessionKeys({ ...parties, challenge }, crypto)
    const plaintext = keys && crypto.aesGcmOpen(keys.initiator, nonce, sealed, authenticated)
    return plaintext && { plaintext, keys: { sendKey: keys.recipient, receiveKey: keys.initiator } }
  }

  return {
    challenge(nonce, { id, at, name }) {
      const record = table.all().find(({ address }) => equal(address, id))?.record
      const authdata = authdataOf.whoareyou(random.bytes(ID_NONCE_BYTES), record?.seq ?? 0n)
      const iv = random.bytes(IV_BYTES)
      const { bytes, authenticated } = encodeDiscv5Packet(
        { type: 'whoareyou', targetId: id, iv, nonce, authdata },
        crypto,
      )
      sessions.putChallenge(name, { data: authenticated, record, atMs: context.now.monotonicMs })
      context.sendBytes(bytes, at)
    },

    takeChallenge({ nonce: asked, authenticated: challenge, recordSeq }, from) {
      const call = calls.byNonce(asked)
      const isAskedThere = call && call.node.ip === from.ip && call.node.udpPort === from.port
      if (!call || !isAskedThere || call.hasShakenHands) {
        counts.unproven++
        return
      }
      call.hasShakenHands = true
      const { node, name, plaintext } = call
      const ephemeral = generatePrivateKey(crypto, random)
      const ephemeralKey = crypto.compressPublicKey(crypto.publicKey(ephemeral))
      const publicKey = concat(Uint8Array.of(4), node.peerId)
      const parties = { privateKey: ephemeral, publicKey, initiatorId: own.id, recipientId: node.address }
      const keys = deriveSessionKeys({ ...parties, challenge }, crypto)
      if (!keys) return
      const hash = identityHash({ challenge, ephemeralKey, recipientId: node.address }, crypto)
      const signature = crypto.sign(hash, own.nodeKey).slice(0, 64)
      const record = recordSeq < context.record.seq ? context.record.bytes : new Uint8Array(0)
      const ours = { sendKey: keys.initiator, receiveKey: keys.recipient }
      const at = addressOf(node)
      sessions.put(name, at, ours, context.now.monotonicMs)
      const session = context.session(name)
      if (!session) return
      const nonce = context.nonceOf(session)
      const { bytes } = encodeDiscv5Packet(
        {
          ...{ type: 'handshake', targetId: node.address, iv: random.bytes(IV_BYTES), nonce },
          authdata: authdataOf.handshake(own.id, signature, ephemeralKey, record),
          seal: (authenticated) => crypto.aesGcmSeal(session.sendKey, nonce, plaintext, authenticated),
        },
        crypto,
      )
      context.sendBytes(bytes, at)
    },

    takeHandshake(packet, from) {
      const nowMs = context.now.monotonicMs
      const challenges = sessions.challenges(from.name, nowMs)
      const given =
        challenges.length > 0 && packet.record.length > 0 ? readRecord(packet.record, context) : undefined
      for (const challenge of challenges) {
        const record = newer(given, challenge.record)
        const opened = record && openWith(challenge.data, record, packet, from)
        if (!opened) continue
        sessions.dropChallenge(from.name, challenge)
        sessions.put(from.name, from.at, opened.keys, nowMs)
        return { plaintext: opened.plaintext, node: nodeAt(record, from.at, crypto) }
      }
      counts.unproven++
      return undefined
    },
  }
}

/** Undefined: not one, or not signed by its key. */
export function readRecord(bytes: Uint8Array, { own }: Pick<Context, 'own'>): NodeRecord | undefined {
  try {
    return decodeNodeRecord(bytes, own)
  } catch (error) {
    if (error instanceof P2pError) return undefined
    throw error
  }
}

function newer(given: NodeRecord | undefined, known: NodeRecord | undefined): NodeRecord | undefined {
  return given && (!known || given.seq >= known.seq) ? given : known
}
