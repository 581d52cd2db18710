/**
 * Topics to ask mailservers for beside ours, so that they cannot tell which are: always the same ones of an account, since what
 * changes from request to request gives itself away.
 */
import { concat, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { TOPIC_BYTES, type Topic, topicFrom, topicOfText } from '@status-protocol/whisper'

/** More let through a third of everybody's mail, and more. */
export const MAX_DECOYS = 200
/** Topics that all people together share for first messages: spec 10/WAKU-USAGE, partitioned topics. */
const PARTITIONS = 5_000

/**
 * By turns what the topic of other people looks like (one of the 5,000), and what that of two people looks like (any 4 bytes).
 *
 * @param privateKey of the account: nobody else can tell them from real ones
 */
export function decoyTopics(
  privateKey: Uint8Array,
  count: number,
  crypto: CryptoProvider = defaultProvider,
): readonly Topic[] {
  return Array.from({ length: count }, (_, at) => {
    const hash = crypto.keccak256(concat(utf8(`status decoy ${at} `), privateKey))
    if (at % 2 === 1) return topicFrom(hash.slice(0, TOPIC_BYTES))
    const number = new DataView(hash.buffer, hash.byteOffset).getUint32(0)
    return topicOfText(`contact-discovery-${number % PARTITIONS}`, { crypto })
  })
}
