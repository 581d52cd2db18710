/** Who of a group has an own message: it is delivered when all have it who were joined when it was written. */
import type { PublicKey } from '@status-protocol/bytes'
import type { DeliveryState, Message } from '../message.ts'
import { withDelivery } from '../outbound.ts'
import type { Stage } from '../stage.ts'
import { changeMessage } from '../tables.ts'
import { getReceipt, putReceipt } from './tables.ts'

/** BOUNDED: installations that are remembered for a member and a message; a person has three that are written to. */
const MAX_INSTALLATIONS = 16

/** Stages that an installation of a member has it, told once for each. Others may say so too: they are not asked. */
export async function noteReceipt(
  stage: Stage,
  message: Message,
  member: PublicKey,
  installation: string,
): Promise<void> {
  const receipt = await getReceipt(stage, message.id, member)
  if (!receipt || receipt.installations.includes(installation)) return
  if (receipt.installations.length >= MAX_INSTALLATIONS) return
  const isFirst = receipt.installations.length === 0
  const counts = message.receipts ?? { of: 0, have: 0, failed: 0 }
  const receipts = {
    ...counts,
    have: counts.have + (isFirst ? 1 : 0),
    failed: counts.failed - (receipt.isGivenUp ? 1 : 0),
  }
  const isComplete = isFirst && receipts.have === receipts.of
  // It had failed for all, and now somebody has it.
  const next = isComplete ? 'delivered' : message.delivery === 'failed' ? 'relayed' : undefined
  const counted = { ...message, receipts }
  stage.add({
    changes: [
      putReceipt(message.id, member, { installations: [...receipt.installations, installation] }),
      changeMessage(next ? withDelivery(counted, next) : counted),
    ],
    events: [
      { ...delivery(message, 'delivered'), to: member, installation },
      ...(next ? [delivery(message, next)] : []),
    ],
  })
}

/** Stages that it waits for the keys of a member: for them, forward secrecy or nothing was chosen. */
export function noteWaiting(stage: Stage, message: Message, member: PublicKey): void {
  stage.add({
    changes: [putReceipt(message.id, member, { installations: [], needsKeys: true })],
    events: [
      {
        ...delivery(message, 'queued'),
        to: member,
        reason: 'waits until their keys are known, as "ratchet" was chosen',
      },
    ],
  })
}

/** Stages that data sync gave up on a member; on all of them: that the message failed. */
export async function noteGivenUp(
  stage: Stage,
  message: Message,
  member: PublicKey,
  reason: string,
): Promise<void> {
  const receipt = await getReceipt(stage, message.id, member)
  if (!receipt || receipt.installations.length > 0 || receipt.isGivenUp) return
  const counts = message.receipts ?? { of: 0, have: 0, failed: 0 }
  const receipts = { ...counts, failed: counts.failed + 1 }
  const isOver = receipts.failed === receipts.of
  const counted = { ...message, receipts }
  stage.add({
    changes: [
      putReceipt(message.id, member, { ...receipt, isGivenUp: true }),
      changeMessage(isOver ? withDelivery(counted, 'failed', reason) : counted),
    ],
    events: [
      { ...delivery(message, 'failed'), to: member, reason },
      ...(isOver ? [{ ...delivery(message, 'failed'), reason }] : []),
    ],
  })
}

function delivery({ chat, id }: Message, state: DeliveryState) {
  return { type: 'delivery' as const, chat, messageId: id, state }
}
