/**
 * What somebody keeps who reads every ratchet message on the wire, and what really happened, to judge by what they open of
 * it: who read which message when, and so which ratchet key was whose, from when to when.
 */
import { equal, toHex } from '@status-protocol/bytes'
import {
  type Conversation,
  type DirectMessage,
  decodeProtocolMessage,
  type Sealed,
  type Session,
} from '@status-protocol/double-ratchet'
import type { Party } from './party.ts'

/** A message to one installation. */
export interface Tapped {
  readonly from: Party
  readonly to: Party
  readonly direct: DirectMessage
  /** The ratchet key that it was written with, and its number in the chain of that. */
  readonly key: string
  readonly n: number
  readonly session: TappedSession
  /** Between which events it was written, and stored by its reader if it ever was. */
  readonly sentAt: number
  readAt: number
}

/** A side of a session has a ratchet key from one turn to the next: it turns when it reads a new key of the other side. */
interface Turn {
  readonly at: number
  /** What it read: the key that its new key is used with. */
  readonly remoteKey: string
}

export interface TappedSession {
  readonly initiator: Party
  readonly responder: Party
  readonly preKeyId: Uint8Array
  readonly ephemeralKey: Uint8Array
  readonly turns: ReadonlyMap<Party, Turn[]>
  /** By ratchet key: whose it is, and after which of their turns. */
  readonly keys: Map<string, { readonly of: Party; readonly turn: number }>
}

export class Wiretap {
  readonly messages: Tapped[] = []
  readonly #byName = new Map<string, Tapped>()
  /** By message key: the ciphertext. */
  readonly #keysUsed = new Map<string, string>()
  readonly #sessions = new Map<string, TappedSession>()
  readonly #thefts = new Map<Party, number[]>()
  #at = 0

  /** @throws Error if a message key was used for two texts */
  post(from: Party, readers: readonly Party[], conversation: Conversation, sealed: Sealed): void {
    const at = ++this.#at
    for (const direct of decodeProtocolMessage(sealed.bytes).directMessages) {
      const { ratchetHeader: header, installationId } = direct
      if (!header) continue
      const name = nameOf(direct)
      const ciphertext = toHex(direct.payload)
      const before = this.#keysUsed.get(name)
      if (before !== undefined && before !== ciphertext)
        throw new Error('a message key was used for two texts')
      this.#keysUsed.set(name, ciphertext)
      const to = readers.find(({ self }) => self.installationId === installationId)
      const installation = conversation.installations.find(({ id }) => id === installationId)
      const own = installation?.sessions.find(({ ratchet }) => equal(ratchet.self.publicKey, header.key))
      if (before || !to || !own) continue // to a device that is no more
      const session = this.#sessionOf(own, from, to, at)
      const key = toHex(header.key)
      const turn = (session.turns.get(from)?.length ?? 0) - 1
      session.keys.set(key, { of: from, turn })
      const message = { from, to, direct, key, n: header.n, session, sentAt: at, readAt: NEVER }
      this.messages.push(message)
      this.#byName.set(name, message)
    }
  }

  /** It was read, and is stored. */
  read(by: Party, sealed: Sealed): void {
    const at = ++this.#at
    for (const direct of decodeProtocolMessage(sealed.bytes).directMessages) {
      const message = direct.ratchetHeader && this.#byName.get(nameOf(direct))
      if (message?.to !== by) continue
      message.readAt = Math.min(message.readAt, at)
      const turns = message.session.turns.get(by)
      if (!turns?.some(({ remoteKey }) => remoteKey === message.key))
        turns?.push({ at, remoteKey: message.key })
    }
  }

  steal(from: Party): void {
    this.#thefts.set(from, [...(this.#thefts.get(from) ?? []), ++this.#at])
  }

  /**
   * Whether thieves may open it, each of whom has all that the store of a device held at one moment, and who tell each other.
   *
   * @param hasPreKey whether any of them has the pre key on which its session began
   */
  mayOpen(message: Tapped, hasPreKey: boolean): boolean {
    const { from, to, key, session, sentAt, readAt } = message
    const turn = session.keys.get(key)?.turn as number
    const remoteKey = session.turns.get(from)?.[turn]?.remoteKey as string
    const theirs = session.keys.get(remoteKey)
    const mine = this.#isStolen(from, session, turn)
    // The chain begins with the reader's key, whose owner forgets it when they read the first message of the chain,
    const hasTheirs = theirs ? this.#isStolen(to, session, theirs.turn) : hasPreKey
    // or with the writer's, if what it is mixed into is known from the writer's key before that.
    const hasBefore =
      turn > 0 ? this.#isStolen(from, session, turn - 1) : from === session.responder && hasPreKey
    const read = session.turns.get(to)?.find((one) => one.remoteKey === key)?.at ?? NEVER
    return (
      hasTheirs ||
      (mine && hasBefore) ||
      this.#isStolenBetween(from, session.turns.get(from)?.[turn]?.at ?? 0, sentAt) || // it was still to be written,
      this.#isStolenBetween(to, read, readAt) // or to be read
    )
  }

  /** Both sides have made a new key since anything was last stolen from them: a full round trip. */
  isHealed({ from, to, key, session, sentAt }: Tapped): boolean {
    const turn = session.keys.get(key)?.turn as number
    const own = session.turns.get(from)?.[turn]
    const theirs = session.keys.get(own?.remoteKey ?? '')
    const bornAt = theirs && session.turns.get(to)?.[theirs.turn]?.at
    const isOlder = (of: Party, than: number) => (this.#thefts.get(of) ?? []).every((at) => at < than)
    const wasStolen = [from, to].some((one) => this.#thefts.get(one)?.some((at) => at < sentAt))
    return (
      wasStolen && own !== undefined && bornAt !== undefined && isOlder(from, own.at) && isOlder(to, bornAt)
    )
  }

  /** While it had the key that it got with that turn. */
  #isStolen(of: Party, { turns }: TappedSession, turn: number): boolean {
    const [own, next] = [turns.get(of)?.[turn], turns.get(of)?.[turn + 1]]
    return own !== undefined && this.#isStolenBetween(of, own.at, next?.at ?? NEVER)
  }

  #isStolenBetween(of: Party, from: number, to: number): boolean {
    return (this.#thefts.get(of) ?? []).some((at) => at >= from && at < to)
  }

  #sessionOf({ role, preKeyId, ephemeralKey }: Session, from: Party, to: Party, at: number): TappedSession {
    const name = `${toHex(preKeyId)} ${toHex(ephemeralKey)}`
    const known = this.#sessions.get(name)
    if (known) return known
    const [initiator, responder] = role === 'initiator' ? [from, to] : [to, from]
    const first: Turn[] = role === 'initiator' ? [{ at, remoteKey: toHex(preKeyId) }] : []
    const turns = new Map<Party, Turn[]>([
      [initiator, first],
      [responder, []],
    ])
    const session = { initiator, responder, preKeyId, ephemeralKey, turns, keys: new Map() }
    this.#sessions.set(name, session)
    return session
  }
}

const NEVER = Number.POSITIVE_INFINITY

const nameOf = ({ ratchetHeader: header }: DirectMessage): string =>
  header ? `${toHex(header.key)} ${header.n}` : ''
