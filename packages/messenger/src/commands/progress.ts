/** What an answer does to the request that it names. Whoever takes one from outside and whoever gives one comes by here. */

import { MAX_CLOCK_AHEAD_MS } from '@status-protocol/payload'
import type { Clock } from '@status-protocol/ports'
import { isAcquainted } from '../contacts/admission.ts'
import { isBlocked } from '../contacts/relation.ts'
import type { Filing } from '../filing.ts'
import type { Rejection } from '../inbound.ts'
import type { Message, MessageIdText } from '../message.ts'
import type { Stage } from '../stage.ts'
import { changeMessage, getMessage } from '../tables.ts'
import type { Command } from './command.ts'
import { deleteHeld, heldOf, holding } from './held.ts'
import { type Answered, answered, type CommandState } from './states.ts'

/** A stored message that is a command. */
export type CommandRecord = Message & { readonly content: Command }

export interface Progress {
  /**
   * Files a command and moves what it answers, or keeps it until that is there. What is not taken is not filed; what is there
   * already (an own one, written on another device) stays. A {@link Rejection}: it moves nothing.
   *
   * @param answer whose `request` is as its author named it
   */
  take(stage: Stage, command: CommandRecord, highestClock?: bigint): Promise<Rejection | undefined>
  /** After an own answer was stored: its request moves, and what waited for that is taken. */
  conclude(stage: Stage, request: CommandRecord, answer: CommandRecord, state: CommandState): Promise<void>
}

export interface ProgressOptions {
  readonly clock: Clock
  readonly filing: Pick<Filing, 'file'>
}

export function createProgress({ clock, filing }: ProgressOptions): Progress {
  const file = async (
    stage: Stage,
    message: Message,
    highestClock: bigint | undefined,
  ): Promise<Rejection | undefined> => {
    const filed = await filing.file(stage, message, { highestClock })
    return typeof filed === 'string' ? filed : undefined
  }

  const take: Progress['take'] = async (stage, command, highestClock) => {
    const { content } = command
    if (content.request === undefined) {
      const rejection = await file(stage, command, highestClock)
      if (!rejection) await release(stage, command.id)
      return rejection
    }
    const request = await requestNamed(stage, content.request)
    if (!request) return hold(stage, command, content.request)
    if (typeof request === 'string') return request
    if (request.chat !== command.chat) return 'wrong-chat'
    const next = judge(request, command)
    if (!next.ok) return next.reason === 'early' ? hold(stage, command, request.id) : next.reason
    const answer = { ...command, content: { ...content, request: request.id } }
    const rejection = await file(stage, answer, highestClock)
    if (!rejection) await conclude(stage, request, answer, next.state)
    return rejection
  }

  const conclude: Progress['conclude'] = async (stage, request, answer, state) => {
    const { id: messageId, chat, content } = request
    stage.add({
      changes: [changeMessage({ ...request, content: { ...content, state } })],
      events: [{ type: 'command', chat, messageId, answer: answer.id, own: answer.own, state }],
    })
    await release(stage, messageId)
    await release(stage, answer.id) // Go clients may name the answer where we name the request
  }

  const hold = async (stage: Stage, message: CommandRecord, of: MessageIdText): Promise<undefined> => {
    const isExpected = message.own || (await isAcquainted(stage, message.author))
    const held = { message, of, heardAtMs: clock.wallMs(), ...(isExpected && { isExpected }) }
    stage.add({ changes: await holding(stage, held) })
  }

  /** Each is taken as if it came now. */
  const release = async (stage: Stage, id: MessageIdText): Promise<void> => {
    for (const held of await heldOf(stage, id)) {
      const { message, heardAtMs } = held
      stage.add({ changes: [deleteHeld(held)] })
      if (!message.own && (await isBlocked(stage, message.author))) continue
      // Who handed it over is not known any more: it moves the clock of its chat no further than this.
      await take(stage, message as CommandRecord, BigInt(heardAtMs) + MAX_CLOCK_AHEAD_MS)
    }
  }

  return { take, conclude }
}

/** What begins the command that an id belongs to: it names that itself, or an answer to it. Undefined: nothing is there. */
export async function requestNamed(
  stage: Pick<Stage, 'get'>,
  id: MessageIdText,
): Promise<CommandRecord | 'no-such-request' | undefined> {
  const named = await getMessage(stage, id)
  const request =
    isCommand(named) && named.content.request ? await getMessage(stage, named.content.request) : named
  if (!request) return undefined
  return isCommand(request) ? request : 'no-such-request'
}

/** Whether an answer fits its command, and what it makes of it. */
export function judge(request: CommandRecord, answer: Pick<CommandRecord, 'own' | 'content'>): Answered {
  return answered(request.content, answer.content, request.own === answer.own ? 'beginner' : 'other')
}

export function isCommand(message: Message | undefined): message is CommandRecord {
  return message?.content?.kind === 'command'
}
