/** The driver: loads a conversation, runs one transition, commits, answers. For those who have no other layers to commit with. */
import type { PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider, systemRandom } from '@status-protocol/crypto'
import { type Change, type Clock, type Random, type Storage, systemClock } from '@status-protocol/ports'
import { isStale } from './conversation/aging.ts'
import { answerRefusal } from './conversation/answer.ts'
import {
  type Conversation,
  type ConversationContext,
  loadConversation,
  type Transition,
} from './conversation/conversation.ts'
import {
  confirmMessage,
  decryptMessage,
  type MessageKeyId,
  type RefusalReason,
} from './conversation/decrypt.ts'
import { forgetPeer, setInstallationEnabled, setInstallationMetadata } from './conversation/devices.ts'
import { encryptMessage, publicMessage } from './conversation/encrypt.ts'
import type { Installation, InstallationMetadata } from './conversation/installation.ts'
import type { InstallationNews } from './conversation/learn.ts'
import { storageReads } from './conversation/reads.ts'
import { createSelf } from './conversation/self.ts'
import { sweep } from './conversation/sweep.ts'

export interface SecureChannelOptions {
  /** The 32-byte private identity key. */
  readonly identity: Uint8Array
  /** Another one for each device, a UUID as a rule. */
  readonly installationId: string
  /** Ours alone: two channels on one store would use keys twice. */
  readonly storage: Storage
  /** Whom to keep for good. Of others the 1,000 that were heard of last are kept. Default: everybody. */
  readonly isKept?: (peer: PublicKey) => boolean | Promise<boolean>
  readonly clock?: Pick<Clock, 'wallMs'>
  readonly random?: Random
  readonly crypto?: CryptoProvider
}

/**
 * Operations run one after the other, each in one commit; one that fails changes nothing. The first one of a day erases
 * what is over: expired sessions, old keys, strangers that are too many.
 */
export interface SecureChannel {
  /** 65 bytes. */
  readonly publicKey: PublicKey
  readonly installationId: string
  /** A ProtocolMessage for all of the peer's installations that are known, or for whichever reads it. */
  encrypt(peer: PublicKey, plaintext: Uint8Array): Promise<Uint8Array>
  /** Reads a ProtocolMessage of the peer. That it is the peer's, the layer that carries it must have proven. */
  decrypt(peer: PublicKey, message: Uint8Array, options?: DecryptOptions): Promise<Decrypted>
  /** A public message with our bundle, so that others can begin with `ratchet` instead of `dh`. */
  contactCode(): Promise<Uint8Array>
  /** What is known of an identity's installations; of our own other ones without an argument. */
  installations(peer?: PublicKey): Promise<readonly KnownInstallation[]>
  /** Pairs one of our own other installations, or takes that back. */
  setInstallationEnabled(installationId: string, enabled: boolean): Promise<void>
  /** What a person calls one of the peer's installations, or of our own other ones without a peer. */
  setInstallationMetadata(
    installationId: string,
    metadata: InstallationMetadata,
    peer?: PublicKey,
  ): Promise<void>
  /** Forgets all sessions with a peer. */
  forget(peer: PublicKey): Promise<void>
}

export interface KnownInstallation {
  readonly id: string
  readonly enabled: boolean
  /** Bundles of its identity have left it out for a week: it is not written to. */
  readonly stale: boolean
  /** Newest bundle that lists it; milliseconds since 1970, 0 if none does. */
  readonly seenMs: number
  readonly name?: string
  readonly deviceType?: string
}

export interface DecryptOptions {
  /**
   * The changes that store the plaintext. They are committed together with the message's key being deleted, so that after
   * a crash either both have happened or neither.
   */
  readonly store?: (opened: {
    readonly plaintext: Uint8Array
    readonly security: 'ratchet' | 'dh' | 'none'
  }) => readonly Change[]
}

export type Decrypted =
  | {
      readonly ok: true
      readonly plaintext: Uint8Array
      /** `none`: it was public. `dh`: no forward secrecy. `ratchet`: X3DH and Double Ratchet. */
      readonly security: 'ratchet' | 'dh' | 'none'
      /** The peer has used `ratchet` before, and this is `dh`. */
      readonly downgraded: boolean
      readonly news: readonly InstallationNews[]
      /** The plaintext is safe: forget its key. Until then a repetition of the message opens again. */
      confirm(): Promise<void>
    }
  | {
      readonly ok: false
      readonly reason: RefusalReason
      readonly plaintext?: undefined
      readonly security?: undefined
      readonly downgraded?: undefined
      readonly news: readonly InstallationNews[]
      /** To be sent to the peer: our bundle, with which the next message can be read. Absent if none is due. */
      readonly answer?: Uint8Array
    }

const DAY_MS = 24 * 60 * 60 * 1000

/** @throws DoubleRatchetError `invalid-key`, `invalid-argument` */
export function createSecureChannel(options: SecureChannelOptions): SecureChannel {
  const { storage, isKept = () => true } = options
  const { clock = systemClock, random = systemRandom, crypto = defaultProvider } = options
  const self = createSelf(options, { crypto })
  const reads = storageReads(storage, { crypto })
  let last: Promise<unknown> = Promise.resolve()
  let sweptMs: number | undefined

  /** One at a time: a transition must see what the one before it committed. */
  function inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const mine = last.then(sweepOnceADay).then(task)
    last = mine.catch(() => {})
    return mine
  }

  async function sweepOnceADay(): Promise<void> {
    const nowMs = clock.wallMs()
    if (sweptMs !== undefined && Math.abs(nowMs - sweptMs) < DAY_MS) return
    const { changes } = await sweep(storage, self, { nowMs, isKept, crypto })
    await commit(changes)
    sweptMs = nowMs
  }

  function run<Outputs>(
    peer: PublicKey,
    step: (conversation: Conversation, context: ConversationContext) => Transition<Outputs>,
  ): Promise<Outputs> {
    return inTurn(async () => {
      const conversation = await loadConversation(reads, self, peer, { crypto })
      const { changes, outputs } = step(conversation, { nowMs: clock.wallMs(), random, ivs: random, crypto })
      await commit(changes)
      return outputs
    })
  }

  /** Reads, and answers what it cannot read; all in one commit, with what the caller stores. */
  function read(peer: PublicKey, message: Uint8Array, store: DecryptOptions['store']): Promise<Decrypted> {
    return inTurn(async () => {
      const context = { nowMs: clock.wallMs(), random, ivs: random, crypto }
      const before = await loadConversation(reads, self, peer, { crypto })
      const step = decryptMessage(before, { message, confirm: store !== undefined }, context)
      const [result, ...news] = step.outputs
      if (result.type === 'opened') {
        const { plaintext, security, downgraded, messageKey } = result
        await commit([...step.changes, ...(store?.({ plaintext, security }) ?? [])])
        return { ok: true, plaintext, security, downgraded, news, confirm: () => confirm(peer, messageKey) }
      }
      const answered = answerRefusal(step.conversation, { refused: result }, context)
      await commit([...step.changes, ...answered.changes])
      const [answer] = answered.outputs
      return { ok: false, reason: result.reason, news, ...(answer ? { answer: answer.bytes } : {}) }
    })
  }

  async function commit(changes: readonly Change[]): Promise<void> {
    if (changes.length > 0) await storage.commit(changes)
  }

  const confirm = async (peer: PublicKey, messageKey: MessageKeyId | undefined): Promise<void> => {
    if (messageKey) await run(peer, (conversation) => confirmMessage(conversation, { messageKey }))
  }

  return {
    publicKey: self.publicKey.slice(),
    installationId: self.installationId,
    async encrypt(peer, plaintext) {
      const [sealed] = await run(peer, (conversation, context) =>
        encryptMessage(conversation, { plaintext }, context),
      )
      return sealed.bytes
    },
    decrypt: (peer, message, { store } = {}) => read(peer, message, store),
    async contactCode() {
      const [sealed] = await run(self.publicKey, (conversation, context) =>
        publicMessage(conversation, {}, context),
      )
      return sealed.bytes
    },
    installations: (peer = self.publicKey) =>
      inTurn(async () => {
        const nowMs = clock.wallMs()
        return (await reads.installations(peer)).map((one) => shown(one, nowMs))
      }),
    async setInstallationEnabled(installationId, enabled) {
      await run(self.publicKey, (conversation) =>
        setInstallationEnabled(conversation, { installationId, enabled }),
      )
    },
    async setInstallationMetadata(installationId, metadata, peer = self.publicKey) {
      await run(peer, (conversation) => setInstallationMetadata(conversation, { installationId, metadata }))
    },
    async forget(peer) {
      await run(peer, forgetPeer)
    },
  }
}

function shown(installation: Installation, nowMs: number): KnownInstallation {
  const { id, enabled, seenNs, metadata } = installation
  const { name, deviceType } = metadata ?? { name: '', deviceType: '' }
  return {
    id,
    enabled,
    stale: isStale(installation, nowMs),
    seenMs: Number(seenNs / 1_000_000n),
    ...(name ? { name } : {}),
    ...(deviceType ? { deviceType } : {}),
  }
}
