/** Private messages that are no chat messages but are shown in the chat: transaction commands, and what we do not know. */
import { equal, type PublicKey } from '@status-protocol/bytes'
import { MESSAGE_TYPES, validateMessage } from '@status-protocol/payload'
import { oneToOneChat } from './chat.ts'
import { timely } from './clock-bounds.ts'
import { type CommandMessage, commandOf, commandText, type MessageContent, unknownText } from './content.ts'
import type { Filing } from './filing.ts'
import type { Rejection } from './inbound.ts'
import type { Message } from './message.ts'
import type { Stage } from './stage.ts'
import type { Statement, Taker, Takers } from './statement.ts'

export const COMMAND_TYPES: readonly CommandMessage['type'][] = (
  Object.keys(MESSAGE_TYPES) as CommandMessage['type'][]
).filter((type) => type.endsWith('-transaction'))

export function createRemarks(publicKey: PublicKey, filing: Pick<Filing, 'file'>): Takers {
  const file = async (stage: Stage, message: Message): Promise<Rejection | undefined> => {
    if (equal(message.author, publicKey)) return 'wrong-chat' // of our own device: whom it was for is not said
    const filed = await filing.file(stage, message)
    return typeof filed === 'string' ? filed : undefined
  }
  const takeCommand: Taker<CommandMessage> = async (stage, said) => {
    const { message, claimedClock } = timely(said.message, said.judgedAtMs)
    const verdict = validateMessage(message, said.judgedAtMs)
    if (!verdict.ok) return verdict.reason
    const content = commandOf(message)
    return file(
      stage,
      remark(said, { clock: message.clock, claimedClock, text: commandText(content), content }),
    )
  }
  return {
    ...Object.fromEntries(COMMAND_TYPES.map((type) => [type, takeCommand])),
    async unknown(stage, said) {
      const type = said.message.wireType
      if (type === 0) return 'not-understood' // says nothing of its type: another generation's, or nobody's
      const clock = BigInt(said.sentUnixSeconds) * 1000n
      return file(stage, remark(said, { clock, text: unknownText(type), content: { kind: 'unknown', type } }))
    },
  }
}

function remark(
  { author, messageId, security, sentUnixSeconds }: Statement,
  {
    clock,
    claimedClock,
    text,
    content,
  }: {
    readonly clock: bigint
    readonly claimedClock?: bigint | undefined
    readonly text: string
    readonly content: MessageContent
  },
): Message {
  return {
    id: messageId,
    chat: oneToOneChat(author).id,
    author,
    text,
    clock,
    ...(claimedClock === undefined ? {} : { claimedClock }),
    timestampMs: BigInt(sentUnixSeconds) * 1000n,
    contentType: 0,
    content,
    own: false,
    security,
  }
}
