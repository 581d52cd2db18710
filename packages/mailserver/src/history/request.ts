import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import {
  bloomOfTopics,
  type Envelope,
  type Miner,
  type SealOptions,
  seal,
  type Topic,
  topicFrom,
} from '@status-protocol/whisper'
import type { RequestForm } from '../request.ts'
import { encodeMailRequest } from '../request.ts'
import type { PageRequest } from './page.ts'

/** Clients put no topic on their requests. */
const REQUEST_TOPIC = new Uint8Array(4)
const REQUEST_TTL_SECONDS = 50

export interface RequestSealing {
  /** 32 bytes, of the servers' password, or 65 bytes, the server's public key. */
  readonly to: { readonly symmetricKey: Uint8Array } | { readonly publicKey: SealTo }
  /** 32 bytes. Any key will do: servers want some signature. */
  readonly signer: Uint8Array
  readonly powTarget: number
  readonly nowUnixSeconds: number
  readonly random: Random
  readonly signal: AbortSignal
  readonly miner?: Miner
  readonly crypto?: CryptoProvider
}

type SealTo = Extract<SealOptions['to'], { readonly publicKey: unknown }>['publicKey']

/** The envelope of packet 126. The topics go as one bloom filter: they filter nothing in the list of the newer form. */
export function sealRequest(
  { topics, interval, limit, cursor }: PageRequest,
  decoys: readonly Topic[],
  form: Exclude<RequestForm, 'raw'>,
  { to, ...sealing }: RequestSealing,
): Promise<Envelope> {
  const payload = encodeMailRequest(
    {
      lowerUnixSeconds: interval[0],
      upperUnixSeconds: interval[1],
      bloom: bloomOfTopics([...topics, ...decoys]),
      topics: [],
      limit,
      cursor: cursor ?? new Uint8Array(0),
      batch: true,
    },
    form,
  )
  return seal(payload, {
    ...sealing,
    to: { topic: topicFrom(REQUEST_TOPIC), ...to },
    ttlSeconds: REQUEST_TTL_SECONDS,
  })
}
