/** Transaction commands that come: of the other person of a private chat, or of ourselves, said on another device. */
import { equal, type PublicKey } from '@status-protocol/bytes'
import { oneToOneChatId, publicKeyOfChatId, validateMessage } from '@status-protocol/payload'
import { type Chat, oneToOneChat } from '../chat.ts'
import { timely } from '../clock-bounds.ts'
import type { Devicing } from '../device-sync/device-sync.ts'
import type { Rejection } from '../inbound.ts'
import type { Stage } from '../stage.ts'
import type { Statement, Taker, Takers } from '../statement.ts'
import { type ChatRecord, getChat, getMessage } from '../tables.ts'
import { COMMAND_TYPES, type Command, type CommandMessage, commandText, readCommand } from './command.ts'
import { type CommandRecord, type Progress, requestNamed } from './progress.ts'
import { begun } from './states.ts'
import { keepUnplaced, recipientOf, takeUnplaced, type UnplacedOptions } from './unplaced.ts'

export interface CommandTakingOptions extends UnplacedOptions {
  readonly progress: Progress
  newChat(chat: Chat): ChatRecord
  /** Our other devices. */
  readonly own: Pick<Devicing, 'isProven' | 'takeMessage'>
}

export interface CommandTaking {
  readonly takers: Takers
  /** What this person has acknowledged, and until then nobody knew whom it was for. */
  placed(stage: Stage, person: PublicKey, afterwards: (act: () => void) => void): Promise<void>
}

export function createCommandTaking(options: CommandTakingOptions): CommandTaking {
  const { publicKey: self, crypto, progress, own } = options

  const take = async (
    stage: Stage,
    said: Statement<CommandMessage>,
    afterwards: (act: () => void) => void,
    recipient?: PublicKey,
  ): Promise<Rejection | undefined> => {
    const { author, messageId, highestClock } = said
    const { message, claimedClock } = timely(said.message, said.judgedAtMs)
    const isOwn = equal(author, self)
    if (isOwn && !(await own.isProven(stage, said))) return 'not-own-device'
    const verdict = validateMessage(message, said.judgedAtMs)
    if (!verdict.ok) return verdict.reason
    const command = readCommand(message, { author, crypto })
    if (!command) return 'command-unfit'
    if (await getMessage(stage, messageId)) return undefined
    const chat = isOwn
      ? recipient
        ? oneToOneChat(recipient)
        : await chatOfOwn(stage, said, command)
      : chatOfTheirs(author, message.chatId)
    if (!chat && isOwn && message.chatId === undefined) return void (await keepUnplaced(stage, said, options))
    if (!chat) return 'wrong-chat'
    const record = recordOf({ ...said, message }, { chat, command, isOwn, claimedClock })
    // What we said we said: it is in its chat even where it moves nothing.
    if (isOwn) await takeOwn(stage, { said, record, chat }, afterwards)
    return progress.take(stage, record, highestClock)
  }

  /** Our own programs say whom it was for; of what a Go client wrote the request that it answers knows, or who has acknowledged it. */
  const chatOfOwn = async (
    stage: Stage,
    said: Statement<CommandMessage>,
    { request }: Command,
  ): Promise<Chat | undefined> => {
    const { chatId } = said.message
    if (chatId === undefined) {
      const named = request && (await requestNamed(stage, request))
      const to =
        named && typeof named === 'object'
          ? publicKeyOfChatId(named.chat)
          : await recipientOf(stage, said, options)
      return to && oneToOneChat(to)
    }
    const to = publicKeyOfChatId(chatId)
    return to && !equal(to, self) ? oneToOneChat(to) : undefined
  }

  const chatOfTheirs = (author: PublicKey, chatId: string | undefined): Chat | undefined =>
    chatId === undefined || chatId === oneToOneChatId(self) ? oneToOneChat(author) : undefined

  const takeOwn = async (
    stage: Stage,
    { said, record, chat }: { readonly said: Statement; readonly record: CommandRecord; readonly chat: Chat },
    afterwards: (act: () => void) => void,
  ): Promise<void> => {
    const known = (await getChat(stage, chat.id)) ?? options.newChat(chat)
    const { wrapped, appendedSeconds = 0n, highestClock } = said
    await own.takeMessage(
      stage,
      { message: record, chat: known, wrapped, appendedSeconds, highestClock },
      afterwards,
    )
  }

  const taker: Taker<CommandMessage> = (stage, said, afterwards) => take(stage, said, afterwards)
  return {
    takers: Object.fromEntries(COMMAND_TYPES.map((type) => [type, taker])),
    async placed(stage, person, afterwards) {
      for (const said of await takeUnplaced(stage, person, options))
        await take(stage, said, afterwards, person)
    },
  }
}

function recordOf(
  { author, message, messageId, security, downgraded, sentUnixSeconds }: Statement<CommandMessage>,
  {
    chat,
    command,
    isOwn,
    claimedClock,
  }: {
    readonly chat: Chat
    readonly command: Command
    readonly isOwn: boolean
    readonly claimedClock: bigint | undefined
  },
): CommandRecord {
  return {
    id: messageId,
    chat: chat.id,
    author,
    text: commandText(command),
    clock: message.clock,
    ...(claimedClock !== undefined && { claimedClock }),
    timestampMs: BigInt(sentUnixSeconds) * 1000n,
    contentType: 0,
    content: begun(command),
    own: isOwn,
    security,
    ...(downgraded && { downgraded }),
  }
}
