/** The people of the demonstration and what they can be told to do; every wait has an end. */
import { join } from 'node:path'
import { CliError } from '../error.ts'
import type { TraceView } from '../serve/trace-feed.ts'
import { createTravels, type Journey, type Travels } from './journey.ts'
import { type Person, type Program, type Relay, startPerson, startRelay } from './programs.ts'

export interface Actor {
  readonly name: string
  readonly publicKey: string
  readonly threeWordName: string
}

export interface Stage {
  readonly relay: Relay
  readonly travels: Travels
  actor(name: string): Actor
  /** Starts people, connected to the relay; those who were there before are themselves again. */
  enter(...names: string[]): Promise<void>
  leave(name: string): Promise<void>
  join(name: string, chat: string): Promise<void>
  /** Says it and does not wait for more than the answer that it is stored. */
  send(from: string, to: string, text: string): Promise<Journey>
  /** Waits until all of them have it and, if it is private, its sender knows. */
  arrived(messageId: string, by: readonly string[]): Promise<Journey>
  /** Waits until it has been sent so often. */
  sentTimes(messageId: string, times: number): Promise<Journey>
  /** The ids of a chat as `name` sees it. */
  listed(name: string, chat: string): Promise<readonly string[]>
}

export interface StageOptions {
  readonly directory: string
  /** Ends all waits. */
  readonly signal: AbortSignal
  readonly died: (why: string) => void
  readonly started: (program: Program) => void
}

export async function createStage({ directory, signal, died, started }: StageOptions): Promise<Stage> {
  const surroundings = { died, started }
  const relay = await startRelay(join(directory, 'relay'), surroundings)
  const people = new Map<string, Person>()
  const connected = new Set<string>()
  const travels = createTravels()
  /** BOUNDED: one for each wait of the story, which are few at a time. */
  const watchers = new Set<() => void>()

  const listen = async (person: Person): Promise<void> => {
    for await (const { method, params } of person.rpc.notifications()) {
      if (method === 'trace') travels.step(person.name, params as TraceView)
      else if (method === 'delivery') {
        const { messageId, state } = params as { messageId: string; state: string }
        travels.delivery(messageId, state, Date.now())
      } else if (method === 'peer' && (params as { state: string }).state === 'up') connected.add(person.name)
      for (const look of [...watchers]) look()
    }
  }

  const until = (condition: () => boolean, what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const done = (settle: () => void): void => {
        watchers.delete(look)
        signal.removeEventListener('abort', giveUp)
        settle()
      }
      const giveUp = (): void =>
        done(() => reject(new CliError('demo-failed', `${signal.reason}: ${what} is still to come`)))
      const look = (): void => {
        if (condition()) done(resolve)
      }
      watchers.add(look)
      signal.addEventListener('abort', giveUp)
      if (signal.aborted) giveUp()
      else look()
    })

  const personOf = (name: string): Person => people.get(name) as Person
  const addressOf = (to: string): string => (to.startsWith('#') ? to : personOf(to).publicKey)

  return {
    relay,
    travels,
    actor: personOf,

    async enter(...names) {
      await Promise.all(
        names.map(async (name) => {
          const dataDir = join(directory, name)
          const person = await startPerson({ name, dataDir, enode: relay.enode }, surroundings)
          people.set(name, person)
          void listen(person).catch(() => undefined)
          await until(() => connected.has(name), `the link of ${name} to the relay`)
        }),
      )
    },

    async leave(name) {
      await personOf(name).stop()
      connected.delete(name)
    },

    async join(name, chat) {
      await personOf(name).rpc.call['chat.join']({ chat })
    },

    async send(from, to, text) {
      const { messageId } = await personOf(from).rpc.call['chat.send']({ to: addressOf(to), text })
      travels.begin({ messageId, from, to, text })
      return travels.journey(messageId)
    },

    async arrived(messageId, by) {
      const { from, to, text } = travels.journey(messageId)
      const line = `"${text}" from ${from} to ${to}`
      const has = (name: string) => travels.journey(messageId).received.has(name)
      for (const name of by) await until(() => has(name), `${line} at ${name}`)
      const isPrivate = !to.startsWith('#')
      const isKnown = () => !isPrivate || travels.journey(messageId).deliveredAtMs !== undefined
      await until(isKnown, `the acknowledgement of ${line}`)
      return travels.journey(messageId)
    },

    async sentTimes(messageId, times) {
      const { text } = travels.journey(messageId)
      const isSent = () => travels.journey(messageId).sendings.length >= times
      await until(isSent, `sending ${times} of "${text}"`)
      return travels.journey(messageId)
    },

    async listed(name, chat) {
      const { messages } = await personOf(name).rpc.call['chat.messages']({
        chat: addressOf(chat),
        limit: 1000,
      })
      return messages.map(({ messageId }) => messageId)
    },
  }
}
