/**
 * Group updates of 2019: all events of an update are signed together, over
 * keccak256(JSON of [[events by clock, each as [name, value] pairs by name, empty ones left out], chat id]).
 */
import { compare, fromHex, to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { int64Argument, textArgument } from '../arguments.ts'
import { type Identity, recoverAuthor, SIGNATURE_BYTES, type SignatureFault, signAs } from '../signature.ts'
import { type GoJson, goJson } from './go-json.ts'

/** One change of a group as its JSON and its Transit form say it; empty text and no members mean "not there". */
export interface GroupEventV0 {
  /** `chat-created`, `name-changed`, `members-added`, `member-joined`, `member-removed`, `admins-added`, `admin-removed`. */
  readonly type: string
  /** Lamport clock of the group, 64 bits signed. */
  readonly clock: bigint
  /** Public key as hex with `0x`: the one created, joined or removed. */
  readonly member: string
  /** Public keys as hex with `0x`: those added. */
  readonly members: readonly string[]
  readonly name: string
}

/** Events of one author with his signature, which {@link openGroupUpdateV0} has not checked yet. */
export interface GroupUpdateV0 {
  readonly chatId: string
  readonly events: readonly GroupEventV0[]
  /** 65 bytes r | s | v as hex without `0x`. */
  readonly signature: string
}

export type OpenedGroupUpdateV0 =
  | { readonly ok: true; readonly from: string }
  | { readonly ok: false; readonly reason: 'signature-not-hex' | SignatureFault }

/** The text whose keccak256 is signed. @throws PayloadError `out-of-range` on a clock of more than 64 bits */
export function groupUpdateSigningText(chatId: string, events: readonly GroupEventV0[]): string {
  const byClock = events.toSorted((a, b) => (a.clock < b.clock ? -1 : a.clock > b.clock ? 1 : 0))
  return goJson([byClock.map((event) => pairsOf(event)), chatId])
}

function pairsOf(event: GroupEventV0, members = sortedTexts(event.members)): GoJson {
  const pairs: [string, GoJson, boolean][] = [
    ['clock-value', int64Argument(event.clock, 'event.clock'), event.clock !== 0n],
    ['member', event.member, event.member !== ''],
    ['members', members, event.members.length > 0],
    ['name', event.name, event.name !== ''],
    ['type', event.type, event.type !== ''],
  ]
  return pairs.filter(([, , isThere]) => isThere).map(([name, value]) => [name, value])
}

/**
 * The same as the mobile client has it: members in the order in which they came, and the escapes of JavaScript. It is the same text
 * where there are no two members and no `<`, `>`, `&`.
 */
export function groupUpdateSigningTextMobile(chatId: string, events: readonly GroupEventV0[]): string {
  const byClock = events.toSorted((a, b) => (a.clock < b.clock ? -1 : a.clock > b.clock ? 1 : 0))
  const json = (value: GoJson): string => {
    if (typeof value === 'bigint') return String(value)
    return typeof value === 'string' ? JSON.stringify(value) : `[${value.map(json).join(',')}]`
  }
  return json([byClock.map((event) => pairsOf(event, event.members)), chatId])
}

/** By UTF-8 bytes, as Go sorts; each text is turned into bytes once. */
function sortedTexts(texts: readonly string[]): readonly string[] {
  const pairs = texts.map((text) => [utf8(text), text] as const)
  return pairs.sort(([a], [b]) => compare(a, b)).map(([, text]) => text)
}

/** Signs events for a group; give each a clock of its own. */
export function signGroupUpdateV0(
  chatId: string,
  events: readonly GroupEventV0[],
  identity: Identity,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): GroupUpdateV0 {
  const text = groupUpdateSigningText(textArgument(chatId, 'chatId'), events)
  return { chatId, events, signature: toHex(signAs(identity, utf8(text), crypto)) }
}

/** Who made an update: his public key as hex with `0x`. Whether he may make it is the group's business. */
export function openGroupUpdateV0(
  update: GroupUpdateV0,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): OpenedGroupUpdateV0 {
  const signature = signatureOf(update.signature)
  if (!signature) return { ok: false, reason: 'signature-not-hex' }
  const hash = crypto.keccak256(utf8(groupUpdateSigningText(update.chatId, update.events)))
  const author = recoverAuthor(hash, signature, crypto)
  return typeof author === 'string' ? { ok: false, reason: author } : { ok: true, from: to0xHex(author) }
}

/** Undefined: it is no hex. */
export function signatureOf(text: string): Uint8Array | undefined {
  // Longer texts are wrong in any case and need not be turned into bytes.
  const digits = text.slice(0, 2 * SIGNATURE_BYTES + 2)
  return digits.length % 2 === 0 && /^[\da-fA-F]*$/.test(digits) ? fromHex(digits) : undefined
}
