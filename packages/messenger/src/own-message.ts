import { chatWithId } from './chat.ts'
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

/** Stages that one more installation of the recipient has an own message. */
export async function noteDelivered(stage: Stage, id: MessageIdText, installation: string): Promise<void> {
  const message = await getMessage(stage, id)
  if (message) stage.add(deliverMessage(message, chatWithId(message.chat), installation))
}
