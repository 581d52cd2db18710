/** On which topics we listen for whom. Knows nothing of what is done with a message. */
import type { PublicKey } from '@status-protocol/bytes'
import type { SymmetricChat } from '@status-protocol/whisper'
import type { Chat } from './chat.ts'
import type { Listeners, Reading } from './listeners.ts'
import { contactCodeName, negotiatedName, publicName, type Router } from './routing.ts'
import { MAX_STRANGERS } from './strangers.ts'

type PublicChat = Extract<Chat, { kind: 'public' }>

/** BOUNDED: members of groups whose bundles and own topics are listened to; the others' when they write, as strangers'. */
const MAX_COMPANY = 1_000

export interface Hearing {
  toPublic(chat: PublicChat): Promise<void>
  /** Somebody we have a chat with: their bundles, and the topic that only the two of us know. */
  toPerson(person: PublicKey): Promise<void>
  /** {@link toPerson} for many, one after the other. Returns at once. */
  toPeople(people: readonly PublicKey[]): void
  /** Somebody who wrote unasked: they may go on on the topic that only the two of us know. Returns at once. */
  toStranger(person: PublicKey): void
  /** Nothing is kept of this stranger any more. */
  forget(person: PublicKey): void
  /** Nothing of this person is listened to any more. */
  silence(person: PublicKey): void
  /** A public chat is not heard any more, and nothing is learnt of a person's bundles. */
  stop(chat: Chat): void
}

export interface HearingOptions {
  readonly listeners: Listeners
  readonly router: Router
  /** Remembers the topic and key over restarts: each cost a slow key derivation. */
  keep(name: string, route: SymmetricChat): Promise<void>
  publicReceiver(chat: PublicChat): Reading
  contactCodeReceiver(person: PublicKey): Reading
  negotiatedReceiver(person: PublicKey): Reading
}

export function createHearing(options: HearingOptions): Hearing {
  const { listeners, router, keep } = options
  /** Name of the topic -> who. BOUNDED by {@link MAX_STRANGERS}, the latest at the end. */
  const strangers = new Map<string, PublicKey>()
  let isDeriving = false

  const listen = (name: string, { topic, symmetricKey }: SymmetricChat, receive: Reading) =>
    listeners.listen(name, { topics: [topic], symKey: symmetricKey }, receive)

  const listenKept = async (name: string, find: () => Promise<SymmetricChat>, receive: Reading) => {
    // Whoever waits for a thousand derivations waits for none of them after the end.
    if (listeners.has(name) || listeners.isClosed()) return
    const route = await find()
    if (listeners.isClosed()) return
    listen(name, route, receive)
    await keep(name, route)
  }

  /** One key derivation at a time, for whoever wrote last. */
  const deriveForStrangers = async (): Promise<void> => {
    if (isDeriving) return
    isDeriving = true
    try {
      for (let next = unheard(); next && !listeners.isClosed(); next = unheard()) {
        const [name, person] = next
        const route = await router.negotiated(person)
        if (strangers.has(name)) listen(name, route, options.negotiatedReceiver(person))
        if (!listeners.has(name)) strangers.delete(name)
      }
    } finally {
      isDeriving = false
    }
  }
  /** BOUNDED by {@link MAX_COMPANY}. */
  const company = new Set<string>()
  /** Of those, whom we do not listen to yet. */
  const waiting = new Map<string, PublicKey>()
  let isHearingPeople = false
  const deriveForPeople = async (): Promise<void> => {
    if (isHearingPeople) return
    isHearingPeople = true
    try {
      for (const [name, person] of waiting) {
        waiting.delete(name)
        company.add(name)
        await hearing.toPerson(person)
      }
    } finally {
      isHearingPeople = false
    }
  }
  const unheard = () => [...strangers].findLast(([name]) => !listeners.has(name))

  const hearing: Hearing = {
    toPublic: (chat) =>
      listenKept(publicName(chat.name), () => router.publicChat(chat.name), options.publicReceiver(chat)),

    async toPerson(person) {
      const name = negotiatedName(person)
      strangers.delete(name)
      await listenKept(name, () => router.negotiated(person), options.negotiatedReceiver(person))
      strangers.delete(name) // they may have written meanwhile
      const receive = options.contactCodeReceiver(person)
      await listenKept(contactCodeName(person), () => router.contactCode(person), receive)
    },

    toPeople(people) {
      for (const person of people) {
        const name = negotiatedName(person)
        if (company.size < MAX_COMPANY || company.has(name)) waiting.set(name, person)
      }
      void deriveForPeople().catch(() => undefined)
    },

    toStranger(person) {
      const name = negotiatedName(person)
      if (!strangers.has(name) && listeners.has(name)) return // more than a stranger
      strangers.delete(name)
      strangers.set(name, person)
      if (strangers.size > MAX_STRANGERS) {
        const oldest = strangers.keys().next().value as string
        strangers.delete(oldest)
        listeners.stop(oldest)
      }
      void deriveForStrangers().catch(() => undefined)
    },

    forget(person) {
      const name = negotiatedName(person)
      if (strangers.delete(name)) listeners.stop(name)
    },

    silence(person) {
      strangers.delete(negotiatedName(person))
      for (const name of [negotiatedName(person), contactCodeName(person)]) listeners.stop(name)
    },

    stop(chat) {
      if (chat.kind === 'public') return listeners.stop(publicName(chat.name))
      if (chat.kind === 'group') return // its members may be in other chats with us
      const name = negotiatedName(chat.publicKey)
      if (company.has(name)) return // what they say in the group is still for us
      listeners.stop(contactCodeName(chat.publicKey))
      if (listeners.has(name)) strangers.set(name, chat.publicKey)
    },
  }
  return hearing
}
