/**
 * The secure sessions of this account, on top of what an input has staged: reading, answering what cannot be read, writing,
 * devices, upkeep. Knows nothing of what is said.
 */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  answerRefusal,
  type Conversation,
  type ConversationContext,
  createSelf,
  decryptMessage,
  encryptDeniably,
  encryptMessage,
  forgetPeer,
  type Installation,
  type InstallationNews,
  loadConversation,
  type Opened,
  publicMessage,
  type Refused,
  type Sealed,
  setInstallationEnabled,
  setInstallationMetadata,
  storageReads,
  sweep,
} from '@status-protocol/double-ratchet'
import type { Clock, Random } from '@status-protocol/ports'
import { type Allowance, createAllowance } from './allowance.ts'
import type { DeviceDecision } from './devices.ts'
import type { Reads, Stage } from './stage.ts'

/** What a ProtocolMessage turned out to be. */
export type Reading =
  | { readonly ok: true; readonly read: Opened; readonly news: readonly InstallationNews[] }
  | {
      readonly ok: false
      readonly reason: Refused['reason']
      readonly news: readonly InstallationNews[]
      /** Our bundle for whoever wrote it, to be sent: with it the next message can be read. */
      readonly answer: Sealed | undefined
      /** Such an answer was sent, now or before, and its writer was not heard using it yet. */
      readonly isHealing: boolean
    }

export interface ReadHow {
  /** Nobody has vouched for whoever wrote it: how many strangers are answered is limited. */
  readonly isStranger?: boolean
  /** Nobody signed what carried it: only a session proves whose it is, and what does not open leaves no trace. */
  readonly isUnsigned?: boolean
}

/** How something is written: `dh` to whichever installation reads it, `deniable` with nothing that anybody signed. */
export type WriteMode = 'dh' | 'deniable' | undefined

/** Writes for one input: each conversation is loaded once, then carried from step to step. */
export interface Writer {
  /** Undefined: it cannot be written so now. */
  seal(to: PublicKey, plaintext: Uint8Array, mode: WriteMode): Promise<Sealed | undefined>
  /** Whether what is written to them now has forward secrecy. */
  canRatchet(to: PublicKey): Promise<boolean>
  /** Whether something can be written to them without a signature. */
  canDeny(to: PublicKey): Promise<boolean>
}

export interface Sessions {
  /** Stages what was learnt from it, and the deletion of its key: its plaintext is stored by the same commit. */
  read(stage: Stage, from: PublicKey, message: Uint8Array, how?: ReadHow): Promise<Reading>
  /** What they published: only the bundles in it count. */
  learn(stage: Stage, from: PublicKey, message: Uint8Array): Promise<readonly InstallationNews[]>
  writer(stage: Stage): Writer
  /** Our bundle, for everybody. */
  publish(stage: Stage, payload?: Uint8Array): Promise<Sealed>
  /** What is known of a person's installations; of our own, the other ones. */
  installations(reads: Reads, of: PublicKey): Promise<readonly Installation[]>
  /** Number of our own bundle; 0 before the first. */
  ownVersion(reads: Reads): Promise<number>
  /** They have written with forward secrecy. */
  hasUsedRatchet(reads: Reads, person: PublicKey): Promise<boolean>
  /** @throws DoubleRatchetError `invalid-argument` */
  decide(stage: Stage, of: PublicKey, decision: DeviceDecision): Promise<void>
  forget(stage: Stage, person: PublicKey): Promise<void>
  /** Erases what time has ended. Strangers that are too many are forgotten. */
  sweep(stage: Stage, isKept: (person: PublicKey) => Promise<boolean>): Promise<void>
}

export interface SessionsOptions {
  readonly privateKey: Uint8Array
  readonly installationId: string
  /** Ratchets of before October 2019 are read too. */
  readonly truncatedKeys: boolean
  readonly clock: Clock
  readonly random: Random
  readonly crypto: CryptoProvider
}

/** Answers to all strangers together: an answer is an envelope and proof of work, and anybody can be a thousand strangers. */
export const ANSWERS_TO_STRANGERS: Allowance = { atOnce: 10, everyMs: 10_000 }

export function createSessions(options: SessionsOptions): Sessions {
  const { clock, random, crypto } = options
  const self = createSelf(
    { identity: options.privateKey, installationId: options.installationId },
    { crypto },
  )
  const strangers = createAllowance(ANSWERS_TO_STRANGERS, clock)
  const context = (): ConversationContext => ({ nowMs: clock.wallMs(), random, ivs: random, crypto })
  const conversationWith = (reads: Reads, peer: PublicKey) =>
    loadConversation(storageReads(reads, { crypto }), self, peer, { crypto })

  const answer = (
    stage: Stage,
    conversation: Conversation,
    refused: Refused,
    isStranger: boolean,
  ): { readonly sealed: Sealed | undefined; readonly isHealing: boolean } => {
    const step = answerRefusal(conversation, { refused, mayRenew: !isStranger }, context())
    const [sealed] = step.outputs
    if (sealed && isStranger && !strangers.take()) return { sealed: undefined, isHealing: false }
    stage.add(step)
    return { sealed, isHealing: isHealing(step.conversation, refused) }
  }

  return {
    async read(stage, from, message, { isStranger = false, isUnsigned = false } = {}) {
      const conversation = await conversationWith(stage, from)
      const input = { message, confirm: true, unsigned: isUnsigned, truncatedKeys: options.truncatedKeys }
      const step = decryptMessage(conversation, input, context())
      const [read, ...news] = step.outputs
      if (read.type === 'opened') {
        stage.add(step)
        return { ok: true, read, news }
      }
      const { reason } = read
      if (isUnsigned) return { ok: false, reason, news: [], answer: undefined, isHealing: false }
      stage.add(step)
      const { sealed, isHealing } = answer(stage, step.conversation, read, isStranger)
      return { ok: false, reason, news, answer: sealed, isHealing }
    },

    async learn(stage, from, message) {
      const step = decryptMessage(await conversationWith(stage, from), { message }, context())
      const [read, ...news] = step.outputs
      if (read.type === 'opened' && read.security !== 'none') return []
      stage.add(step)
      return news
    },

    writer: (stage) => createWriter(stage, (peer) => conversationWith(stage, peer), context),

    async publish(stage, payload) {
      const conversation = await conversationWith(stage, self.publicKey)
      const step = publicMessage(conversation, payload ? { payload } : {}, context())
      stage.add(step)
      return step.outputs[0]
    },

    installations: (reads, of) => storageReads(reads, { crypto }).installations(of),

    hasUsedRatchet: async (reads, person) =>
      (await storageReads(reads, { crypto }).peerState?.(person))?.hasUsedRatchet === true,

    async ownVersion(reads) {
      const preKeys = await storageReads(reads, { crypto }).ownPreKeys()
      return preKeys.at(-1)?.version ?? 0
    },

    async decide(stage, of, { installationId, enabled, metadata }) {
      let conversation = await conversationWith(stage, of)
      if (enabled !== undefined) {
        const step = setInstallationEnabled(conversation, { installationId, enabled })
        stage.add(step)
        conversation = step.conversation
      }
      if (metadata) stage.add(setInstallationMetadata(conversation, { installationId, metadata }))
    },

    async forget(stage, person) {
      stage.add(forgetPeer(await conversationWith(stage, person)))
    },

    async sweep(stage, isKept) {
      stage.add(await sweep(stage, self, { nowMs: clock.wallMs(), isKept, crypto }))
    },
  }
}

/** Reasons after which an answer may help; see `answerRefusal`. */
function isHealing({ peerState }: Conversation, { reason }: Refused): boolean {
  const canHelp = reason === 'not-addressed' || BROKEN.has(reason)
  return canHelp && peerState !== undefined && peerState.answers > 0 && peerState.heardMs === 0
}
const BROKEN: ReadonlySet<Refused['reason']> = new Set(['no-session', 'too-many-skipped', 'not-authentic'])

function createWriter(
  stage: Stage,
  load: (peer: PublicKey) => Promise<Conversation>,
  context: () => ConversationContext,
): Writer {
  /** BOUNDED by those who are written to in one epoch. */
  const loaded = new Map<string, Conversation>()
  /** Our own prekeys are the same in every conversation: the newest state of them counts. */
  let newest: Conversation | undefined
  const conversationWith = async (peer: PublicKey): Promise<Conversation> => {
    const conversation = loaded.get(toHex(peer)) ?? (await load(peer))
    return newest ? { ...conversation, ownPreKeys: newest.ownPreKeys } : conversation
  }
  /** What a step that is thrown away would make. */
  const tried = <T>(step: () => T): T | undefined => {
    try {
      return step()
    } catch {
      return undefined // a chain that is used up
    }
  }
  const nothing = new Uint8Array(0)

  return {
    async seal(to, plaintext, mode) {
      const conversation = await conversationWith(to)
      const step =
        mode === 'deniable'
          ? encryptDeniably(conversation, { plaintext }, context())
          : encryptMessage(conversation, { plaintext, ...(mode && { mode }) }, context())
      const [sealed] = step.outputs
      if (sealed.type !== 'sealed') return undefined
      newest = step.conversation
      loaded.set(toHex(to), step.conversation)
      stage.add(step)
      return sealed
    },
    async canRatchet(to) {
      const conversation = await conversationWith(to)
      const step = tried(() => encryptMessage(conversation, { plaintext: nothing }, context()))
      return step?.outputs[0].security === 'ratchet'
    },
    async canDeny(to) {
      const conversation = await conversationWith(to)
      const step = tried(() => encryptDeniably(conversation, { plaintext: nothing }, context()))
      return step?.outputs[0].type === 'sealed'
    },
  }
}
