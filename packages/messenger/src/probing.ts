/**
 * What brings back somebody who does not answer. Whoever has lost a device, or has another one by now, cannot read what is
 * written to the former, and the Go clients do not say so. So when nothing has been acknowledged for some time, they get a
 * message of data sync that says nothing, in mode `dh`, which any installation reads. It acknowledges it, and that brings
 * its bundle: what waits goes to the right devices then. Nothing that was said is sent with less security for it.
 */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { encodePayload, newMessage, oneToOneGroupId, type SyncContext } from '@status-protocol/mvds'
import { type Unwrapped, wrapPayload } from '@status-protocol/payload'
import type { Clock } from '@status-protocol/ports'

/** Sends without an acknowledgement after which the next goes with a probe: about half a minute. */
export const SILENT_SENDS = 3
/** A person is probed no more often, however much waits for them. */
const PROBE_EVERY_MS = 60_000
/** BOUNDED: people whose last probe is remembered; the one probed longest ago is forgotten. */
const MAX_REMEMBERED = 1_000

/** Number of a type of message that no client has. */
const NO_TYPE = 0
const NOTHING = new Uint8Array(0)

export interface Probing {
  /** Whether it is time for one; notes that there was one. */
  isDue(person: PublicKey): boolean
  /** A payload of data sync with one message. */
  payload(person: PublicKey, now: SyncContext): Uint8Array
}

export function createProbing({
  privateKey,
  clock,
  crypto,
}: {
  readonly privateKey: Uint8Array
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly crypto: CryptoProvider
}): Probing {
  const probed = new Map<string, number>()
  return {
    isDue(person) {
      const name = toHex(person)
      const nowMs = clock.monotonicMs()
      if (nowMs - (probed.get(name) ?? Number.NEGATIVE_INFINITY) < PROBE_EVERY_MS) return false
      probed.delete(name)
      probed.set(name, nowMs)
      if (probed.size > MAX_REMEMBERED) probed.delete(probed.keys().next().value as string)
      return true
    },
    payload(person, now) {
      // Not an empty body: the Go clients' store takes none, and what it does not take they do not acknowledge.
      const body = wrapPayload(NOTHING, NO_TYPE, { privateKey }, { crypto })
      const message = newMessage({ groupId: oneToOneGroupId(now.self, person, { crypto }), body }, now)
      return encodePayload({ acks: [], offers: [], requests: [], messages: [message] })
    },
  }
}

/** Somebody wants to hear whether we are there: the acknowledgement is all that it asks for. */
export function isProbe({ wireType, payload }: Pick<Unwrapped, 'wireType' | 'payload'>): boolean {
  return wireType === NO_TYPE && payload.length === 0
}
