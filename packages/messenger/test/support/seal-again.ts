import { toHex } from '@status-protocol/bytes'
import { expectHex, expectThat, seededRandom } from '@status-protocol/testkit'
import {
  type AsymmetricChat,
  type Envelope,
  type OpeningKey,
  open,
  type SymmetricChat,
  seal,
  sentUnixSeconds,
} from '@status-protocol/whisper'

const noise = seededRandom(11)

/**
 * With the recorded salt, padding and nonce the envelope is the same to the last byte. Of an asymmetric one only the
 * sender knew the ephemeral key: there the recipient opens what we seal.
 *
 * @param content.signer the sender's private key
 * @throws where it is not the same
 */
export async function sealAgain(
  recorded: Envelope,
  { chat, key }: { readonly chat: SymmetricChat | AsymmetricChat; readonly key: OpeningKey },
  content: { readonly payload: Uint8Array; readonly padding: Uint8Array; readonly signer: Uint8Array },
): Promise<void> {
  const { payload, padding, signer } = content
  const isSymmetric = 'symmetricKey' in chat
  const envelope = await seal(payload, {
    ...{ to: chat, signer, padding, ttlSeconds: recorded.ttlSeconds },
    nowUnixSeconds: sentUnixSeconds(recorded),
    random: isSymmetric ? { bytes: (length) => recorded.data.slice(-length) } : noise,
    miner: { mine: async () => recorded.nonce },
  })
  if (isSymmetric) return expectHex(envelope.rlp, toHex(recorded.rlp), 'envelope made again')
  const [ours, theirs] = [open(envelope, key), open(recorded, key)]
  expectThat(ours.ok && theirs.ok, 'an envelope of ours does not open')
  expectHex(ours.payload, toHex(theirs.payload), 'payload of an envelope of ours')
  expectHex(ours.signer, theirs.signer && toHex(theirs.signer), 'signer of an envelope of ours')
}
