/** The driver: loads a conversation, runs one transition, commits, answers. For those who have no other layers to commit with. */
import type { PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider, systemRandom } from '@status-protocol/crypto'
import type { Clock, Random, Storage } from '@status-protocol/ports'
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
import { forgetPeer, setInstallationEnabled } from './conversation/devices.ts'
import { encryptMessage, publicMessage } from './conversation/encrypt.ts'
import type { InstallationNews } from './conversation/learn.ts'
import { storageReads } from './conversation/reads.ts'
import { createSelf } from './conversation/self.ts'

export interface SecureChannelOptions {
  /** The 32-byte private identity key. */
  readonly identity: Uint8Array
  /** Another one for each device, a UUID as a rule. */
  readonly installationId: string
  /** Ours alone: two channels on one store would use keys twice. */
  readonly storage: Storage
  readonly clock?: Pick<Clock, 'wallMs'>
  readonly random?: Random
  readonly crypto?: CryptoProvider
}

/** Operations run one after the other, each in one commit; one that fails changes nothing. */
export interface SecureChannel {
  /** 65 bytes. */
  readonly publicKey: PublicKey
  readonly installationId: string
  /** A ProtocolMessage for all of the peer's installations that are known, or for whichever reads it. */
  encrypt(peer: PublicKey, plaintext: Uint8Array): Promise<Uint8Array>
  /** Reads a ProtocolMessage of the peer. That it is the peer's, the layer that carries it must have proven. */
  decrypt(peer: PublicKey, message: Uint8Array): Promise<Decrypted>
  /** A public message with our bundle, so that others can begin with `ratchet` instead of `dh`. */
  contactCode(): Promise<Uint8Array>
  /** What is known of an identity's installations; of our own other ones without an argument. */
  installations(peer?: PublicKey): Promise<readonly KnownInstallation[]>
  /** Pairs one of our own other installations, or takes that back. */
  setInstallationEnabled(installationId: string, enabled: boolean): Promise<void>
  /** Forgets all sessions with a peer. */
  forget(peer: PublicKey): Promise<void>
}

export interface KnownInstallation {
  readonly id: string
  readonly enabled: boolean
}

export type Decrypted =
  | {
      readonly ok: true
      readonly plaintext: Uint8Array
      /** `none`: it was public. `dh`: no forward secrecy. `ratchet`: X3DH and Double Ratchet. */
      readonly security: 'ratchet' | 'dh' | 'none'
      readonly news: readonly InstallationNews[]
      /** The plaintext is safe: forget its key. Until then a repetition of the message opens again. */
      confirm(): Promise<void>
    }
  | {
      readonly ok: false
      readonly reason: RefusalReason
      readonly plaintext?: undefined
      readonly security?: undefined
      readonly news: readonly InstallationNews[]
    }

const systemClock: Pick<Clock, 'wallMs'> = { wallMs: () => Date.now() }

/** @throws DoubleRatchetError `invalid-key`, `invalid-argument` */
export function createSecureChannel(options: SecureChannelOptions): SecureChannel {
  const { storage, clock = systemClock, random = systemRandom, crypto = defaultProvider } = options
  const self = createSelf(options, { crypto })
  const reads = storageReads(storage, { crypto })
  let last: Promise<unknown> = Promise.resolve()

  /** One at a time: a transition must see what the one before it committed. */
  function inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const mine = last.then(task)
    last = mine.catch(() => {})
    return mine
  }

  function run<Outputs>(
    peer: PublicKey,
    step: (conversation: Conversation, context: ConversationContext) => Transition<Outputs>,
  ): Promise<Outputs> {
    return inTurn(async () => {
      const conversation = await loadConversation(reads, self, peer, { crypto })
      const { changes, outputs } = step(conversation, { nowMs: clock.wallMs(), random, crypto })
      if (changes.length > 0) await storage.commit(changes)
      return outputs
    })
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
    async decrypt(peer, message) {
      const [result, ...news] = await run(peer, (conversation, context) =>
        decryptMessage(conversation, { message }, context),
      )
      if (result.type === 'refused') return { ok: false, reason: result.reason, news }
      const { plaintext, security, messageKey } = result
      return { ok: true, plaintext, security, news, confirm: () => confirm(peer, messageKey) }
    },
    async contactCode() {
      const [sealed] = await run(self.publicKey, (conversation, context) =>
        publicMessage(conversation, {}, context),
      )
      return sealed.bytes
    },
    installations: (peer = self.publicKey) =>
      inTurn(async () => (await reads.installations(peer)).map(({ id, enabled }) => ({ id, enabled }))),
    async setInstallationEnabled(installationId, enabled) {
      await run(self.publicKey, (conversation) =>
        setInstallationEnabled(conversation, { installationId, enabled }),
      )
    },
    async forget(peer) {
      await run(peer, forgetPeer)
    },
  }
}
