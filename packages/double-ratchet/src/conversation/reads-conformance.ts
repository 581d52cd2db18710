import {
  defaultProvider as crypto,
  generatePrivateKey,
  systemRandom as random,
} from '@status-protocol/crypto'
import type { Change } from '@status-protocol/ports'
import { type ConformanceCase, check, checkEqual } from '@status-protocol/ports/testing'
import { answerRefusal } from './answer.ts'
import { loadConversation } from './conversation.ts'
import { decryptMessage } from './decrypt.ts'
import { forgetPeer } from './devices.ts'
import { encryptMessage, publicMessage } from './encrypt.ts'
import { encodeInstallation } from './installation.ts'
import { encodeOwnPreKeys } from './own-pre-keys.ts'
import type { SessionReads } from './reads.ts'
import { createSelf, type Self } from './self.ts'

/** A store as {@link sessionReadsConformance} needs it: empty, and its reads see what was committed. */
export interface SessionStore {
  readonly reads: SessionReads
  commit(changes: readonly Change[]): Promise<void>
}

/** What every {@link SessionReads} does. */
export function sessionReadsConformance(open: () => Promise<SessionStore>): readonly ConformanceCase[] {
  return [
    {
      name: 'a store that nobody wrote to',
      async run() {
        const { reads } = await open()
        checkEqual(await reads.installations(newSelf('a').publicKey), [], 'installations')
        checkEqual(await reads.ownPreKeys(), [], 'own pre keys')
        checkEqual(await reads.peerState?.(newSelf('a').publicKey), undefined, 'what is remembered of a peer')
      },
    },
    {
      name: 'what was committed is read back, of each identity apart',
      async run() {
        const [store, alice] = [await open(), newSelf('alice')]
        const peers = [newSelf('one'), newSelf('two')]
        for (const peer of peers) await learn(store, alice, peer)
        for (const peer of peers) {
          const conversation = await loadConversation(store.reads, alice, peer.publicKey)
          const sent = encryptMessage(conversation, { plaintext: Uint8Array.of(1) }, context())
          await store.commit(sent.changes)
          const [installation, ...others] = await store.reads.installations(peer.publicKey)
          checkEqual(others.length, 0, 'other installations')
          check(installation !== undefined, 'an installation')
          const [expected] = sent.conversation.installations
          check(expected !== undefined, 'an installation in the new state')
          checkEqual(installation.id, peer.installationId, 'installation id')
          checkEqual(encodeInstallation(installation), encodeInstallation(expected), 'record')
          const { ownPreKeys } = sent.conversation
          checkEqual(
            encodeOwnPreKeys(await store.reads.ownPreKeys()),
            encodeOwnPreKeys(ownPreKeys),
            'own pre keys',
          )
        }
      },
    },
    {
      name: 'what is remembered of a peer is read back, and forgotten with it',
      async run() {
        const [store, alice, bob, carol] = [await open(), newSelf('alice'), newSelf('bob'), newSelf('carol')]
        if (!store.reads.peerState) return // it need not
        const load = (peer: Self) => loadConversation(store.reads, alice, peer.publicKey)
        const refused = { type: 'refused', reason: 'not-addressed', installationId: 'x' } as const
        for (const peer of [bob, carol])
          await store.commit(answerRefusal(await load(peer), { refused }, context()).changes)
        checkEqual((await load(bob)).peerState?.answers, 1, 'answers')
        await store.commit(forgetPeer(await load(bob)).changes)
        checkEqual((await load(bob)).peerState, undefined, 'forgotten')
        checkEqual((await load(carol)).peerState?.answers, 1, 'of the other one')
      },
    },
    {
      name: 'what was deleted is gone',
      async run() {
        const [store, alice, bob, carol] = [await open(), newSelf('alice'), newSelf('bob'), newSelf('carol')]
        for (const peer of [bob, carol]) await learn(store, alice, peer)
        const { changes } = forgetPeer(await loadConversation(store.reads, alice, bob.publicKey))
        await store.commit(changes)
        checkEqual(await store.reads.installations(bob.publicKey), [], 'forgotten')
        checkEqual((await store.reads.installations(carol.publicKey)).length, 1, 'the other one')
      },
    },
  ]
}

function newSelf(installationId: string): Self {
  return createSelf({ identity: generatePrivateKey(crypto, random), installationId })
}

function context() {
  return { nowMs: 1_577_836_800_000, random }
}

async function learn(store: SessionStore, self: Self, peer: Self): Promise<void> {
  const nobody: SessionReads = {
    installations: async () => [],
    ownPreKeys: async () => [],
  }
  const [{ bytes }] = publicMessage(await loadConversation(nobody, peer), {}, context()).outputs
  const conversation = await loadConversation(store.reads, self, peer.publicKey)
  await store.commit(decryptMessage(conversation, { message: bytes }, context()).changes)
}
