import type { PublicKey } from '@status-protocol/bytes'
import type { GivenUp } from './arrival.ts'
import { chatWithId } from './chat.ts'
import { noteGivenUp, noteReceipt } from './groups/receipts.ts'
import type { DeliveryState, MessageIdText } from './message.ts'
import { advanceMessage, deliverMessage } from './outbound.ts'
import type { Stage } from './stage.ts'
import { getMessage } from './tables.ts'

/** Stages the next delivery state of an own message, if it is there and that is an edge. */
export async function advanceOwn(
  stage: Stage,
  id: MessageIdText,
  state: DeliveryState,
  reason?: string,
): Promise<void> {
  const message = await getMessage(stage, id)
  if (message) stage.add(advanceMessage(message, chatWithId(message.chat), state, reason))
}

/** Stages that an own message is not carried to somebody any more. */
export async function noteGaveUp(
  stage: Stage,
  { id, to }: GivenUp,
  reason = 'never acknowledged',
): Promise<void> {
  const message = id && (await getMessage(stage, id))
  if (message?.receipts) await noteGivenUp(stage, message, to, reason)
  else if (message) stage.add(advanceMessage(message, chatWithId(message.chat), 'failed', reason))
}

/** Stages that one more installation of the recipient has an own message. */
export async function noteDelivered(
  stage: Stage,
  id: MessageIdText,
  from: PublicKey,
  installation: string,
): Promise<void> {
  const message = await getMessage(stage, id)
  if (message?.receipts) await noteReceipt(stage, message, from, installation)
  else if (message) stage.add(deliverMessage(message, chatWithId(message.chat), installation))
}
