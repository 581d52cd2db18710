/** What the outbox and parcels mean to the courier: how each travels, and what its fate changes. */
import type { PublicKey } from '@status-protocol/bytes'
import type { Chat } from './chat.ts'
import { type Consignment, type Fate, POW_TARGET, type Posted, TTL_SECONDS } from './courier.ts'
import { MessengerError } from './error.ts'
import type { Insist } from './input.ts'
import type { DeliveryState, MessageIdText } from './message.ts'
import { advance, MAX_ATTEMPTS, type Outcome } from './outbound.ts'
import { advanceOwn } from './own-message.ts'
import { deleteParcel, type Parcel } from './parcel.ts'
import type { Router } from './routing.ts'
import { isStorageFailure } from './store.ts'
import { getMessage, getOutbox, type OutboxRecord } from './tables.ts'
import type { PostedTrace, Tracer } from './trace.ts'

export interface Consignments {
  /** A public message, or a private one in mode `whisper`. */
  ofOutbox(record: OutboxRecord): Consignment
  ofParcel(parcel: Parcel): Consignment
}

export interface ConsignmentsOptions {
  readonly publicKey: PublicKey
  readonly router: Router
  readonly trace: Tracer | undefined
  /** While it is known that no peer is there nothing is given up. */
  isOnline(): boolean
  /** Commits what a fate changes. */
  readonly insist: Insist
  /** Nothing goes to them, also what was written before. */
  isBlocked(person: PublicKey): Promise<boolean>
  /** Whether the chat with this person is for a client of 2019. */
  isLegacy(person: PublicKey): Promise<boolean>
  /** Nothing is carried any more of this message or parcel. */
  readonly left: { outbox(id: MessageIdText): void; parcel(number: bigint): void }
}

/** Of a message that is not carried any more. */
const NOTHING: Outcome & { readonly outbox?: never } = { changes: [], events: [] }

export function createConsignments(options: ConsignmentsOptions): Consignments {
  const { publicKey, router, trace, isOnline, left } = options

  /** Until the store takes it, or the messenger is closed: nobody tells the same again. */
  const insist: Insist = async (run) => {
    for (;;)
      try {
        return await options.insist(run)
      } catch (error) {
        if (!isStorageFailure(error)) throw error
      }
  }

  /** A public message, or a private one in mode `whisper`: sealed again until a peer has it. */
  const consignmentOf = (record: OutboxRecord): Consignment => {
    const { messageId } = record
    const report = (state: DeliveryState, reason?: string): Promise<OutboxRecord | undefined> =>
      insist(async (stage, afterwards) => {
        const message = await getMessage(stage, messageId)
        const stored = await getOutbox(stage, messageId)
        const { outbox, ...outcome } = message && stored ? advance(message, stored, state, reason) : NOTHING
        stage.add(outcome)
        if (!outbox) afterwards(() => left.outbox(messageId))
        return outbox
      })
    return inTheWayOf(record.chat, {
      payload: record.sealed ?? record.wrapped,
      route: async () => routeOfChat(record.chat),
      async sent(posted) {
        const way = record.chat.kind === 'public' ? 'public' : 'partitioned'
        tracePosted(posted, { way, messageIds: [record.messageId], payloadBytes: record.wrapped.length })
        return (await report('sent')) !== undefined
      },
      archived: () => insist((stage) => advanceOwn(stage, messageId, 'archived')),
      async settled(fate: Fate) {
        if (fate === 'confirmed') return void (await report('relayed'))
        const expired = await report('expired')
        if (expired && (expired.attempts < MAX_ATTEMPTS || !isOnline())) return consignmentOf(expired)
        if (expired) await report('failed', `no peer took it in ${MAX_ATTEMPTS} attempts`)
        return undefined
      },
      failed: async (reason) => void (await report('failed', reason)),
    })
  }

  /** A ProtocolMessage: posted once. What data sync misses an acknowledgement for comes again in another one. */
  const consignmentOfParcel = (parcel: Parcel): Consignment => {
    const report = (state: DeliveryState | undefined, isDone: boolean): Promise<void> =>
      insist(async (stage, afterwards) => {
        if (isDone) stage.add({ changes: [deleteParcel(parcel)] })
        if (isDone) afterwards(() => left.parcel(parcel.number))
        if (state) for (const id of parcel.messageIds) await advanceOwn(stage, id, state)
      })
    return inTheWayOf(parcel.way, {
      payload: parcel.payload,
      ...(parcel.isUnsigned ? { isUnsigned: true } : {}),
      route: () => routeOf(parcel),
      async sent(posted) {
        const { way, messageIds, payload } = parcel
        tracePosted(posted, { way: way.kind, messageIds, payloadBytes: payload.length })
        await report('sent', false)
        return true
      },
      archived: () => report('archived', false),
      settled: async (fate) => void (await report(fate === 'confirmed' ? 'relayed' : 'expired', true)),
      failed: () => report(undefined, true),
    })
  }

  /**
   * First messages in a chat that is marked for a client of 2019 go to the topic that everybody shared, then to that of the
   * recipient: 0.36.0 hears the former only if it was told to, what is older knows no other. Whoever hears both reads it once.
   */
  const inTheWayOf = (way: Chat | Parcel['way'], consignment: Consignment): Consignment => {
    const to = 'to' in way ? way.to : way.kind === 'one-to-one' ? way.publicKey : undefined
    if (!to) return consignment
    const expectUnblocked = async (): Promise<void> => {
      if (await options.isBlocked(to)) throw new MessengerError('blocked', 'blocked')
    }
    const second: Consignment = {
      ...consignment,
      route: () => expectUnblocked().then(consignment.route),
    }
    let isFirstOfTwo = false
    return {
      ...consignment,
      async route() {
        await expectUnblocked()
        isFirstOfTwo = way.kind !== 'negotiated' && (await options.isLegacy(to))
        return isFirstOfTwo ? router.discovery(to) : consignment.route()
      },
      settled: async (fate) => (isFirstOfTwo ? second : consignment.settled(fate)),
    }
  }

  const routeOfChat = (chat: Chat) => {
    if (chat.kind === 'public') return router.publicChat(chat.name)
    if (chat.kind === 'one-to-one') return router.partitioned(chat.publicKey)
    throw new MessengerError('invalid-chat', 'what is said in a group goes to each member, through data sync')
  }

  const tracePosted = (
    posted: Posted,
    what: Pick<PostedTrace, 'way' | 'messageIds' | 'payloadBytes'>,
  ): void => trace?.({ type: 'posted', ...posted, ...what, powTarget: POW_TARGET, ttlSeconds: TTL_SECONDS })

  const routeOf = async ({ way }: Parcel) => {
    if (way.kind === 'contact-code') return router.contactCode(publicKey)
    return way.kind === 'negotiated' ? router.negotiated(way.to) : router.partitioned(way.to)
  }

  return { ofOutbox: consignmentOf, ofParcel: consignmentOfParcel }
}
