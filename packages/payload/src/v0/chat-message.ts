import { int64Argument, textArgument } from '../arguments.ts'
import {
  type Dialect,
  elementsOf,
  integerElement,
  invalidElement,
  keywordElement,
  textElement,
} from './elements.ts'
import {
  isTransitKeyword,
  isTransitMap,
  keyword,
  type TransitMap,
  type TransitTagged,
  type TransitValue,
} from './transit.ts'

/** Values of `ChatMessageV0.messageType`. */
export const CHAT_MESSAGE_TYPES_V0 = {
  oneToOne: 'user-message',
  publicGroup: 'public-group-user-message',
  privateGroup: 'group-user-message',
} as const

/**
 * Something said in a chat: `["~#c4", [text, content type, message type, clock, timestamp, content]]`. Stickers and
 * commands are `[content, content type, message type, clock, timestamp]`; the Go reader refuses those.
 */
export interface ChatMessageV0 {
  readonly type: 'chat'
  /** Stands twice on the wire, here and in the content; '' when the content comes first. */
  readonly text: string
  /** `text/plain`, `emoji`, `sticker`, `command`, ... */
  readonly contentType: string
  /** One of {@link CHAT_MESSAGE_TYPES_V0} or something else. */
  readonly messageType: string
  /** Lamport clock, 64 bits signed; hundredths of milliseconds from the mobile client, milliseconds from the Go client. */
  readonly clock: bigint
  /** Unix milliseconds, 64 bits signed; undefined when the mobile client wrote none. */
  readonly timestamp: bigint | undefined
  readonly content: ContentV0
  /** The form of stickers and commands. */
  readonly contentFirst?: boolean
}

export interface ContentV0 {
  readonly chatId: string
  readonly text: string
  /** Message id; '' if it answers nothing. */
  readonly responseTo: string
  /** ENS name, not verified. */
  readonly name: string
  /** Everything else, as it came (`:hash`, `:pack`, `:metadata`, `:params`, ...). */
  readonly extra: TransitMap['entries']
}

const CONTENT_KEYS = { 'chat-id': 'chatId', text: 'text', 'response-to': 'responseTo', name: 'name' } as const

/** @throws PayloadError `malformed`, `details.index` telling the element */
export function chatMessageOf(tagged: TransitTagged, dialect: Dialect): ChatMessageV0 {
  const elements = elementsOf(tagged)
  const contentFirst = dialect === 'mobile' && isTransitMap(elements[0])
  return {
    type: 'chat',
    text: contentFirst ? '' : textElement(elements, 0, 'go'),
    contentType: textElement(elements, 1, 'go'),
    messageType: keywordElement(elements, 2),
    clock: integerElement(elements, 3),
    timestamp: dialect === 'mobile' && elements[4] === null ? undefined : integerElement(elements, 4),
    content: contentOf(elements, contentFirst ? 0 : 5),
    ...(contentFirst && { contentFirst }),
  }
}

function contentOf(elements: readonly TransitValue[], index: number): ContentV0 {
  const map = elements[index] ?? (index < elements.length ? undefined : { entries: [] })
  if (!isTransitMap(map)) throw invalidElement(index)
  const known = { chatId: '', text: '', responseTo: '', name: '' }
  const extra: [TransitValue, TransitValue][] = []
  for (const [key, value] of map.entries) {
    if (!isTransitKeyword(key)) throw invalidElement(index)
    if (!Object.hasOwn(CONTENT_KEYS, key.keyword)) extra.push([key, value])
    else if (typeof value !== 'string') throw invalidElement(index)
    else known[CONTENT_KEYS[key.keyword as keyof typeof CONTENT_KEYS]] = value
  }
  return { ...known, extra }
}

/** @throws PayloadError `out-of-range`, `invalid-argument` */
export function taggedChatMessage(message: ChatMessageV0): TransitTagged {
  const { content, contentFirst } = message
  const head = [textArgument(message.contentType, 'contentType'), keyword(message.messageType)]
  const clock = int64Argument(message.clock, 'clock')
  const timestamp = message.timestamp === undefined ? null : int64Argument(message.timestamp, 'timestamp')
  const map: TransitMap = { entries: [...knownEntries(content, contentFirst), ...content.extra] }
  const value = contentFirst
    ? [map, ...head, clock, timestamp]
    : [textArgument(message.text, 'text'), ...head, clock, timestamp, map]
  return { tag: 'c4', value }
}

/** Chat id and text are always written, by the Go client too; the others when there is something to say. */
function knownEntries(content: ContentV0, contentFirst: boolean | undefined): [TransitValue, TransitValue][] {
  const entries: [TransitValue, TransitValue][] = []
  for (const [key, field] of Object.entries(CONTENT_KEYS)) {
    const isMandatory = key === 'chat-id' || (key === 'text' && !contentFirst)
    const value = textArgument(content[field], `content.${field}`)
    if (isMandatory || value !== '') entries.push([keyword(key), value])
  }
  return entries
}
