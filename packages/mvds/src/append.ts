/** A new message for some peers. */
import { expectLength, type PublicKey } from '@status-protocol/bytes'
import { MvdsError } from './error.ts'
import type { SyncGroupId } from './group.ts'
import { messageIdOf, type SyncMessage, type SyncMetadata } from './message.ts'
import { MAX_BODY_BYTES, type SyncContext } from './options.ts'
import type { SyncReads } from './reads.ts'
import { Draft, type DraftState, type Transition } from './transition.ts'

export interface AppendInput {
  readonly message: SyncMessage
  /** 65 bytes each: the members of the group beside us. */
  readonly to: readonly PublicKey[]
}

/** `queue-full`: this peer has `maxRecordsPerPeer` messages waiting already, and nobody gets the message. */
export type AppendResult =
  | (Transition & { readonly ok: true })
  | { readonly ok: false; readonly reason: 'queue-full'; readonly peer: PublicKey }

/**
 * A message of now. Two of the same body in one group and one second are one message.
 *
 * @throws MvdsError `body-too-large`; BytesError if the group id has not 32 bytes
 */
export function newMessage(
  {
    groupId,
    body,
    metadata,
  }: { groupId: SyncGroupId; body: Uint8Array; metadata?: SyncMetadata | undefined },
  { nowMs, options }: SyncContext,
): SyncMessage {
  expectLength(groupId, 32, 'groupId')
  if (body.length > MAX_BODY_BYTES)
    throw new MvdsError(
      'body-too-large',
      `body: expected at most ${MAX_BODY_BYTES} bytes, got ${body.length}`,
    )
  if (metadata && options.wire !== 'metadata')
    throw new MvdsError(
      'invalid-argument',
      'metadata: expected none, the wire form "status" has no place for it',
    )
  const content = {
    groupId,
    body,
    timestampSeconds: BigInt(Math.floor(nowMs / 1000)),
    ...(metadata && { metadata }),
  }
  return { ...content, id: messageIdOf(content, options) }
}

export async function loadAppend(
  reads: SyncReads,
  { message: { id }, to }: AppendInput,
): Promise<DraftState> {
  const peers = await Promise.all(to.map(async (peer) => ({ peer, row: await reads.peer(peer) })))
  const records = await Promise.all(to.map((peer) => reads.records(peer, id)))
  const isKept = (await reads.message(id)) !== undefined
  return { peers, records: records.flat(), waiting: [{ id, count: isKept ? await reads.waiting(id) : 0 }] }
}

/** Those who have it waiting already do not get it twice. */
export function append(state: DraftState, { message, to }: AppendInput, context: SyncContext): AppendResult {
  for (const peer of to) expectLength(peer, 65, 'peer')
  const draft = new Draft(state, context)
  const type = context.options.mode === 'batch' || message.metadata?.ephemeral ? 'message' : 'offer'
  const recipients = to.filter((peer) => !draft.isWaitingFor(peer, message.id))
  const full = recipients.find((peer) => !draft.hasRoom(peer, type))
  if (full) return { ok: false, reason: 'queue-full', peer: full }
  if (recipients.length > 0) draft.keep(message)
  for (const peer of recipients) draft.add({ type, peer, id: message.id, groupId: message.groupId })
  return { ok: true, ...draft.finish() }
}
