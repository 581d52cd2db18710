/** What a person says with transaction commands. */
import type { PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { nextClock, oneToOneChatId, wrap } from '@status-protocol/payload'
import type { Clock } from '@status-protocol/ports'
import type { Chat } from '../chat.ts'
import { expectUnblocked } from '../contacts/requests.ts'
import type { Devicing } from '../device-sync/device-sync.ts'
import { type Entrance, entered } from '../entrance.ts'
import { MessengerError } from '../error.ts'
import { generationFor } from '../generations.ts'
import { noteWritten } from '../history/chat-state.ts'
import type { Input } from '../input.ts'
import type { Message, MessageIdText, Security } from '../message.ts'
import { deliveryEvent } from '../outbound.ts'
import type { Sending } from '../sending.ts'
import type { Stage } from '../stage.ts'
import { type ChatRecord, putChat, putMessage } from '../tables.ts'
import { isAmount } from './amounts.ts'
import {
  type Command,
  type CommandMessage,
  checksummed,
  commandText,
  isTransactionHash,
  readCommand,
} from './command.ts'
import { type CommandRecord, judge, type Progress, requestNamed } from './progress.ts'
import { bytesToSign, signerOf } from './signature.ts'
import { begun } from './states.ts'

/** What is asked for. */
export interface Amount {
  /** In wei, or in the smallest unit of the token: digits of a whole number up to 2^256 - 1. */
  readonly value: string
  /** Address of the token's contract; without it ether. */
  readonly contract?: string
}

/** A transaction that was sent by a wallet, which signed {@link Commands.bytesToSign} with the account that it is from. */
export interface SentTransaction {
  /** `0x` and 64 hex digits. */
  readonly transactionHash: string
  /** 65 bytes: r | s | v, v 27 or 28 (`personal_sign`). */
  readonly signature: Uint8Array
}

/**
 * Transaction commands, in private chats: what two people say about a payment. They are messages of the chat, each with its
 * delivery; the one that begins a command has its `state`, and `command` events tell how it changes. Nothing is paid here and
 * nothing is looked up on a chain: `announced` is what somebody says.
 *
 * Each throws MessengerError `invalid-chat`, `invalid-content`, `blocked`, `invalid-security` in a deniable chat, `no-forward-secrecy`, `outbox-full`;
 * what answers a message also `no-such-message`, and `no-such-request` if that is none, or was answered, or is not ours to answer.
 */
export interface Commands {
  /** "Which address shall I pay to?" */
  requestAddress(chat: string, amount: Amount): Promise<Message>
  /** The answer to that, once. */
  giveAddress(request: MessageIdText, address: string): Promise<Message>
  /** "Please pay me." */
  requestTransaction(chat: string, asked: Amount & { readonly address: string }): Promise<Message>
  /** "I paid": what was asked for, or to the address that was given, or something that nobody asked for. */
  sendTransaction(
    about: { readonly request: MessageIdText } | { readonly chat: string },
    sent: SentTransaction,
  ): Promise<Message>
  /** Says no to a request for an address or for a transaction, once. */
  decline(request: MessageIdText): Promise<Message>
  /** What the wallet signs for {@link Commands.sendTransaction}: our chat key(65) | transaction hash(32). */
  bytesToSign(transactionHash: string): Uint8Array
}

export interface CommandsOptions {
  readonly account: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey }
  readonly crypto: CryptoProvider
  readonly clock: Clock
  /** As the account sends where nothing else is chosen. */
  readonly security: Security
  readonly input: <T>(run: Input<T>) => Promise<T>
  readonly sending: Pick<Sending, 'tell' | 'isStrict' | 'canRatchet'>
  /** Tells our other devices. */
  readonly copy: Devicing['copy']
  readonly entrance: Pick<Entrance, 'chatFor' | 'meet'>
  readonly progress: Pick<Progress, 'conclude'>
  /** Listens to a chat. */
  hear(chat: Chat): Promise<void>
  /** Something that nobody waits for failed. */
  failed(): void
}

type Act = (act: () => void) => void
/** A command without what is the same for all. */
type Draft = CommandMessage extends infer M
  ? M extends CommandMessage
    ? Omit<M, 'clock' | 'chatId'>
    : never
  : never

export function createCommands(options: CommandsOptions): Commands {
  const { account, crypto, input } = options

  /** Stored and on its way, as every message is. */
  const say = async (stage: Stage, text: string, draft: Draft, afterwards: Act): Promise<CommandRecord> => {
    const record = await options.entrance.chatFor(stage, text)
    const { chat } = record
    if (chat.kind !== 'one-to-one')
      throw new MessengerError('invalid-chat', 'transaction commands are said in private: expected a person')
    await expectUnblocked(stage, chat)
    await expectReadable(stage, record)
    await expectSecrecy(stage, chat.publicKey)
    const nowMs = options.clock.wallMs()
    const clock = nextClock(record.lastClock, nowMs)
    const said: CommandMessage = { ...draft, clock, chatId: oneToOneChatId(chat.publicKey) }
    const wrapped = wrap(said, account, { crypto })
    const id = await options.sending.tell(
      stage,
      { to: [chat.publicKey], said: wrapped, isMessage: true },
      afterwards,
    )
    await options.copy(stage, wrapped, afterwards)
    const read = readCommand(said, { author: account.publicKey, crypto }) as Command
    const message: CommandRecord = {
      id,
      chat: chat.id,
      author: account.publicKey,
      text: commandText(read),
      clock,
      timestampMs: BigInt(nowMs),
      contentType: 0,
      content: begun(read),
      own: true,
      // What is said so is acknowledged: it never goes without a ProtocolMessage.
      security: options.security === 'whisper' ? 'dh' : options.security,
      delivery: 'queued',
    }
    stage.add({
      changes: [putChat({ ...noteWritten(entered(record)), lastClock: clock }), ...putMessage(message)],
      events: [deliveryEvent(message, 'queued', chat)],
    })
    await options.entrance.meet(stage, chat)
    afterwards(() => void options.hear(chat).catch(options.failed))
    return message
  }

  /** As every private message: what is to go with forward secrecy alone does not wait for it unseen. */
  const expectSecrecy = async (stage: Stage, to: PublicKey): Promise<void> => {
    const { sending } = options
    if ((await sending.isStrict(stage, to)) && !(await sending.canRatchet(stage, to)))
      throw new MessengerError(
        'no-forward-secrecy',
        'the keys of this person are not known yet, and only ratchet was chosen',
      )
  }

  const expectReadable = async (stage: Stage, record: ChatRecord): Promise<void> => {
    if (record.deniable)
      throw new MessengerError(
        'invalid-security',
        'this chat is deniable, and transaction commands are signed',
      )
    if ((await generationFor(stage, record.chat, record)) !== 'v1')
      throw new MessengerError(
        'invalid-content',
        'this person has a client of 2019, which reads no transaction commands',
      )
  }

  const answer = (id: MessageIdText, draftFor: (request: CommandRecord) => Draft): Promise<Message> =>
    input(async (stage, afterwards) => {
      const request = await requestOf(stage, id)
      const draft = draftFor(request)
      const content = { kind: 'command', command: draft.type, request: request.id } as const
      const verdict = judge(request, { own: true, content })
      if (!verdict.ok)
        throw new MessengerError(
          'no-such-request',
          `expected a request of theirs that was not answered yet: ${verdict.reason}`,
        )
      const said = await say(stage, request.chat, draft, afterwards)
      const next = judge(request, said)
      if (next.ok) await options.progress.conclude(stage, request, said, next.state)
      return said
    })

  const requestOf = async (stage: Stage, id: MessageIdText): Promise<CommandRecord> => {
    const shown = JSON.stringify(String(id).slice(0, 70))
    const request = /^0x[0-9a-f]{64}$/.test(id) ? await requestNamed(stage, id) : undefined
    if (!request) throw new MessengerError('no-such-message', `there is no message ${shown}`)
    if (typeof request === 'string')
      throw new MessengerError('no-such-request', `message ${shown} is no transaction command`)
    return request
  }

  const amount = ({ value, contract }: Amount): { readonly value: string; readonly contract: string } => {
    if (!isAmount(value))
      throw new MessengerError(
        'invalid-content',
        `value: expected the digits of a whole number up to 2^256 - 1, got ${JSON.stringify(String(value).slice(0, 100))}`,
      )
    return { value, contract: contract === undefined ? '' : addressNamed(contract, 'contract') }
  }

  const addressNamed = (text: string, name: string): string => {
    const address = checksummed(text, crypto)
    if (address) return address
    throw new MessengerError(
      'invalid-content',
      `${name}: expected 0x and 40 hex digits whose capitals fit (EIP-55), got ${JSON.stringify(String(text).slice(0, 50))}`,
    )
  }

  const hashNamed = (text: string): string => {
    if (isTransactionHash(text)) return text.toLowerCase()
    throw new MessengerError(
      'invalid-content',
      `transactionHash: expected 0x and 64 hex digits, got ${JSON.stringify(String(text).slice(0, 70))}`,
    )
  }

  const transaction = ({ transactionHash: hash, signature }: SentTransaction) => {
    const transactionHash = hashNamed(hash)
    if (!signerOf({ author: account.publicKey, transactionHash, signature }, crypto))
      throw new MessengerError(
        'invalid-content',
        `signature: expected r | s | v of 65 bytes, v 27 or 28, got ${signature.length} bytes that are none`,
      )
    return { type: 'send-transaction', transactionHash, signature } as const
  }

  const begin = (chat: string, draft: Draft): Promise<Message> =>
    input((stage, afterwards) => say(stage, chat, draft, afterwards))

  return {
    requestAddress: async (chat, asked) =>
      begin(chat, { type: 'request-address-for-transaction', ...amount(asked) }),
    async giveAddress(request, text) {
      const address = addressNamed(text, 'address')
      return answer(request, ({ id }) => ({ type: 'accept-request-address-for-transaction', id, address }))
    },
    requestTransaction: async (chat, asked) =>
      begin(chat, {
        type: 'request-transaction',
        ...amount(asked),
        address: addressNamed(asked.address, 'address'),
      }),
    async sendTransaction(about, sent) {
      const said = transaction(sent)
      return 'chat' in about
        ? begin(about.chat, { ...said, id: '' })
        : answer(about.request, ({ id }) => ({ ...said, id }))
    },
    decline: (request) =>
      answer(request, ({ id, content }) =>
        content.command === 'request-transaction'
          ? { type: 'decline-request-transaction', id }
          : { type: 'decline-request-address-for-transaction', id },
      ),
    bytesToSign: (transactionHash) => bytesToSign(account.publicKey, hashNamed(transactionHash)),
  }
}
