/** What layers read, in the words of the golden cases. */
import { toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import type { ProtocolMessage, Session } from '@status-protocol/double-ratchet'
import type { Bundle } from '@status-protocol/double-ratchet/x3dh'
import { messageIdOf, type Payload } from '@status-protocol/mvds'

export function shownProtocolMessage(message: ProtocolMessage) {
  return {
    installation_id: message.installationId,
    bundles: message.bundles.map(shownBundle),
    direct_message: message.directMessages.map((direct) => ({
      installation_id: direct.installationId,
      x3dh_header: direct.x3dhHeader && { key: direct.x3dhHeader.key, id: direct.x3dhHeader.preKeyId },
      dr_header: direct.ratchetHeader && {
        key: direct.ratchetHeader.key,
        n: direct.ratchetHeader.n,
        pn: direct.ratchetHeader.pn,
        id: direct.ratchetHeader.preKeyId,
      },
      dh_header: direct.dhHeader && { key: direct.dhHeader.key },
      payload: direct.payload,
    })),
    public_message: message.publicMessage ?? new Uint8Array(0),
  }
}

function shownBundle(bundle: Bundle) {
  return {
    identity: bundle.identity,
    timestamp: bundle.timestampNs,
    signature: bundle.signature,
    signed_pre_keys: bundle.preKeys.map((entry) => ({
      installation_id: entry.installationId,
      signed_pre_key: entry.preKey,
      version: entry.version,
      protocol_version: entry.protocolVersion,
    })),
  }
}

/** What does not depend on when a message was written nor on keys that only its writer knew. */
export function outline(message: ProtocolMessage) {
  return {
    from: message.installationId,
    // In Go the entries of a map come in any order.
    bundles: message.bundles.map(({ identity, preKeys }) => ({
      identity,
      preKeys: Object.fromEntries(preKeys.map((entry) => [entry.installationId, entry])),
    })),
    to: Object.fromEntries(
      message.directMessages.map((direct) => [
        direct.installationId,
        {
          x3dh: direct.x3dhHeader?.preKeyId,
          ratchet: direct.ratchetHeader?.preKeyId,
          n: direct.ratchetHeader?.n,
          pn: direct.ratchetHeader?.pn,
          dh: direct.dhHeader !== undefined,
          bytes: direct.payload.length,
        },
      ]),
    ),
    public: message.publicMessage,
  }
}

/** @param sharedSecret what X3DH gave when the session began; sessions do not keep it */
export function shownSession({ preKeyId, ratchet }: Session, from: string, sharedSecret: string | undefined) {
  return {
    session_id: toHex(preKeyId) + toHex(utf8(from)),
    bundle_id: preKeyId,
    shared_secret: sharedSecret,
    root_key: ratchet.rootKey,
    sending_chain_key: ratchet.sending.key,
    sending_n: ratchet.sending.n,
    receiving_chain_key: ratchet.receiving.key,
    receiving_n: ratchet.receiving.n,
    pn: ratchet.pn,
    dh_self_private: ratchet.self.privateKey,
    dh_self_public: crypto.compressPublicKey(crypto.publicKey(ratchet.self.privateKey)),
    dh_remote_public: ratchet.remoteKey ?? '',
  }
}

export function shownSyncPayload({ acks, offers, requests, messages }: Payload) {
  return {
    acks,
    offers,
    requests,
    messages: messages.map((message) => ({
      group_id: message.groupId,
      timestamp: Number(message.timestampSeconds),
      body: message.body,
      message_id: messageIdOf(message),
    })),
  }
}
