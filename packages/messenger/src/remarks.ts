/** Private messages of a type that we do not know: they are named in the chat. */
import { equal, type PublicKey } from '@status-protocol/bytes'
import { oneToOneChat } from './chat.ts'
import { type MessageContent, unknownText } from './content.ts'
import type { Filing } from './filing.ts'
import type { Rejection } from './inbound.ts'
import type { Message } from './message.ts'
import type { Stage } from './stage.ts'
import type { Statement, Takers } from './statement.ts'

export function createRemarks(publicKey: PublicKey, filing: Pick<Filing, 'file'>): Takers {
  const file = async (stage: Stage, message: Message): Promise<Rejection | undefined> => {
    if (equal(message.author, publicKey)) return 'wrong-chat' // of our own device: whom it was for is not said
    const filed = await filing.file(stage, message)
    return typeof filed === 'string' ? filed : undefined
  }
  return {
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
    text,
    content,
  }: {
    readonly clock: bigint
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
    timestampMs: BigInt(sentUnixSeconds) * 1000n,
    contentType: 0,
    content,
    own: false,
    security,
  }
}
