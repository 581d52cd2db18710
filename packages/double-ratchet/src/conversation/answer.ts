/**
 * The answer to a message that this installation cannot read: our bundle, so that the next one is also for us and on a
 * session that we have. The specification's "device not found"; no Go client ever sends one, all read it.
 */
import { equal } from '@status-protocol/bytes'
import {
  type Conversation,
  type ConversationContext,
  isWithSelf,
  type Transition,
  toolsOf,
  transition,
} from './conversation.ts'
import type { RefusalReason, Refused, RefusedSession } from './decrypt.ts'
import { encryptMessage, type Sealed } from './encrypt.ts'
import { isInstallationId } from './installation-id.ts'
import { mayRenewEarly, newestPreKey, type OwnPreKey, withFreshPreKey } from './own-pre-keys.ts'
import { ANSWER_COOL_DOWN_MS, NO_PEER_STATE, type PeerState } from './peer-state.ts'

/** Answers until the peer is heard using our bundle. */
export const MAX_ANSWERS = 5
/** Time between an answer and the next, in this order. */
const BACK_OFF_MS: readonly number[] = [10_000, 60_000, 10 * 60_000, 60 * 60_000]

/** Reasons that say that a session is no good any more. Not among them: repetitions. */
const BROKEN: readonly RefusalReason[] = ['no-session', 'too-many-skipped', 'not-authentic']

/**
 * Our bundle for a peer whose message was refused, in mode `dh` so that any of its installations reads it; no output if
 * an answer would not help, or not yet. Only for messages whose sender the layer that carries them has proven.
 *
 * At most 5 until the peer is heard using the bundle, 10 s, 1 min, 10 min and 1 h apart; then none for 2 h. If the peer
 * has the newest pre key already and the session on it is broken, the pre key is renewed, at most once an hour.
 *
 * @param input.mayRenew false for a peer that nobody has vouched for: a new pre key is a new session with everybody
 */
export function answerRefusal(
  conversation: Conversation,
  input: { readonly refused: Refused; readonly mayRenew?: boolean },
  context: ConversationContext,
): Transition<readonly [] | readonly [Sealed]> {
  const tools = toolsOf(context)
  const none = transition(conversation, conversation, [] as const)
  const { reason, session, unsigned, installationId } = input.refused
  const isBroken = BROKEN.includes(reason) && session !== undefined
  if (
    unsigned ||
    !isInstallationId(installationId) ||
    isWithSelf(conversation) ||
    !(isBroken || reason === 'not-addressed')
  )
    return none
  const state = nextAnswer(conversation.peerState ?? NO_PEER_STATE, tools.nowMs)
  if (!state) return none
  const { ownPreKeys: preKeys } = conversation
  const { mayRenew = true } = input
  const isEarly = mayRenew && isBroken && knowsNewest(preKeys, session) && mayRenewEarly(preKeys, tools.nowMs)
  const { preKeys: ownPreKeys } = withFreshPreKey(preKeys, tools, { isEarly })
  const ready = { ...conversation, ownPreKeys, peerState: state }
  const sealed = encryptMessage(ready, { plaintext: new Uint8Array(0), mode: 'dh' }, context)
  return transition(conversation, sealed.conversation, sealed.outputs)
}

/** Undefined if none is due. */
function nextAnswer(state: PeerState, nowMs: number): PeerState | undefined {
  const { answers, answeredMs, heardMs } = state
  if (heardMs !== 0) {
    const isCool = Math.abs(nowMs - heardMs) >= ANSWER_COOL_DOWN_MS
    return isCool ? { ...state, answers: 1, answeredMs: nowMs, heardMs: 0 } : undefined
  }
  if (answers >= MAX_ANSWERS) return undefined
  const wait = answers === 0 ? 0 : (BACK_OFF_MS[answers - 1] ?? 0)
  // Not "earlier than": a clock that went back must not stop answers until then.
  return Math.abs(nowMs - answeredMs) >= wait
    ? { ...state, answers: answers + 1, answeredMs: nowMs }
    : undefined
}

/** Whether the peer seems to know the bundle already, and wrote on a broken session all the same. */
function knowsNewest(preKeys: readonly OwnPreKey[], { preKeyId, isFirst }: RefusedSession): boolean {
  const newest = newestPreKey(preKeys)
  if (newest && equal(newest.id, preKeyId)) return true
  // Any other that may be ours, an erased one too, is older; what is left is a pre key of the peer.
  return !isFirst && !preKeys.some(({ id }) => equal(id, preKeyId))
}
