/** `status send --to CHAT [text]`: says one thing and waits until the network has it. */
import { checkedText, type Said, type SendOptions } from '@status-protocol/messenger'
import type { Command } from 'commander'
import { emojiIn, imageIn, messageIdIn, stickerIn } from '../content-flags.ts'
import { CliError } from '../error.ts'
import { checkedName, isName, loadNames } from '../names.ts'
import { messageView } from '../serve/message-view.ts'
import type { Session } from '../session.ts'
import { type Flags, securityNamed, settingsFrom } from '../settings.ts'
import { standardInput } from '../standard-input.ts'
import type { WithSession } from '../with-session.ts'

interface SendInput {
  readonly to: string
  readonly text: string
  readonly timeoutMs: number
  readonly json: boolean
  readonly options: SendOptions
}

/** What to print when a peer has confirmed the message. @throws CliError `undelivered` */
async function send(session: Session, input: SendInput): Promise<string> {
  const { text, timeoutMs, json, options } = input
  const { messenger, events } = session
  const to = (await loadNames(messenger)).chatNamed(input.to)
  if (to.startsWith('#')) await messenger.join(to)
  const message = await messenger.send(to, text, options)
  await session.connect()
  const timer = setTimeout(() => void session.close(), timeoutMs)
  try {
    for await (const event of events) {
      if (event.type !== 'delivery' || event.messageId !== message.id) continue
      if (event.state === 'relayed' || event.state === 'delivered')
        return json ? JSON.stringify(messageView({ ...message, delivery: event.state })) : message.id
      if (event.state === 'failed') throw undelivered(event.reason ?? 'given up')
      if (event.state === 'unaddressed')
        throw new CliError(
          'undelivered',
          `kept here, but sent to nobody: ${event.reason ?? 'nobody is there'}`,
        )
    }
  } finally {
    clearTimeout(timer)
  }
  throw undelivered(`no peer took it within ${timeoutMs / 1000} s`)
}

function undelivered(why: string): CliError {
  return new CliError(
    'undelivered',
    `not sent: ${why}; is the peer given with --peer up? (status-node prints its enode)`,
  )
}

interface SendFlags {
  readonly to: string
  readonly timeout: number
  readonly security?: string
  readonly replyTo?: string
  readonly image?: string
  readonly sticker?: string
  readonly emoji?: boolean
}

const NO_PEER = 'not sent: no peer was given; name one with --peer enode://... (status-node prints its enode)'

/** Declares the command: what is wrong with what was typed is said before anything is opened. */
export function declareSend(
  command: Command,
  seconds: (text: string) => number,
  withSession: WithSession,
): void {
  command
    .description('Say one thing and wait until the network has it. Prints the message id.')
    .argument(
      '[text]',
      'what to say; read from standard input if not given, but beside an image or a sticker',
    )
    .requiredOption('--to <chat>', '#name, a public key, or the name of a contact or a group')
    .option('--reply-to <id>', 'the message that it answers: an id, as --json shows them')
    .option('--image <file>', 'a PNG, JPEG, WebP or GIF of at most 300,000 bytes')
    .option('--emoji', 'the text is emoji, to be shown large')
    .option('--sticker <pack:hash>', 'a sticker: its pack, and its content hash in hex')
    .option('--timeout <seconds>', 'how long to wait for a peer', seconds, 30)
    .option('--security <mode>', 'for this message: ratchet (or not at all), dh, whisper')
    .action(async (typed: string | undefined, flags: Flags & SendFlags) => {
      checkedName(flags.to)
      const options = optionsIn(flags)
      const given = typed ?? (isBeside(options) ? '' : undefined)
      if (given !== undefined) textIn(given, options)
      const hasPeer = [...(flags.peer ?? []), ...settingsFrom(flags).mailservers].length > 0
      if (!hasPeer && flags.whisper === undefined) throw new CliError('undelivered', NO_PEER)
      const text = textIn(given ?? (await standardInput('Type what to say, then Enter and Ctrl-D:')), options)
      const timeoutMs = flags.timeout * 1000
      return withSession(
        flags,
        async (session, { json }) => {
          console.log(await send(session, { to: flags.to, text, timeoutMs, json, options }))
        },
        { connectsLater: true, createsAccount: !isName(flags.to) }, // whom nobody has named, nobody can write to
      )
    })
}

const isBeside = ({ content }: SendOptions): boolean =>
  content?.kind === 'image' || content?.kind === 'sticker'

/** @throws CliError `invalid-argument`; MessengerError `invalid-text` */
function textIn(typed: string, options: SendOptions): string {
  const said = typed.replace(/\r?\n$/, '')
  if (isBeside(options) && said.trim() === '') return ''
  if (options.content?.kind === 'emoji') emojiIn(said, '--emoji')
  return checkedText(said)
}

/** @throws CliError `invalid-argument` */
function optionsIn({ security: mode, replyTo, image, emoji, sticker }: SendFlags): SendOptions {
  const security = mode === undefined ? 'default' : securityNamed(mode, '--security')
  const contents: Said[] = [
    ...(image === undefined ? [] : [imageIn(image, '--image')]),
    ...(sticker === undefined ? [] : [stickerIn(sticker, '--sticker')]),
    ...(emoji ? [{ kind: 'emoji' } as const] : []),
  ]
  const [content, ...more] = contents
  if (more.length > 0)
    throw new CliError('invalid-argument', 'a message is one of --image, --sticker and --emoji: send two')
  return {
    ...(security === 'default' ? {} : { security }),
    ...(replyTo === undefined ? {} : { responseTo: messageIdIn(replyTo, '--reply-to') }),
    ...(content === undefined ? {} : { content }),
  }
}
