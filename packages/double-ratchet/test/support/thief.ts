/**
 * Who has copies of stores, and all that was on the wire, and follows the rules of nobody: every secret that was stolen is
 * tried as whatever it could be, in sessions of its time, before it and after it.
 */
import { equal, fromHex, toHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  decodeInstallation,
  decodeOwnPreKeys,
  INSTALLATIONS_TABLE,
  OWN_PRE_KEYS_KEY,
  OWN_TABLE,
  type OwnPreKey,
  type Session,
} from '@status-protocol/double-ratchet'
import { seededRandom } from '@status-protocol/testkit'
import { sameSession } from '../../src/conversation/installation.ts'
import { openWithMessageKey } from '../../src/ratchet/aead.ts'
import { secp256k1DiffieHellman } from '../../src/ratchet/dh.ts'
import { encodeRatchetHeader } from '../../src/ratchet/header.ts'
import { kdfChainKey, kdfRootKey } from '../../src/ratchet/kdf.ts'
import { ratchetDecrypt } from '../../src/ratchet/session.ts'
import type { Chain } from '../../src/ratchet/state.ts'
import { acceptX3dh } from '../../src/x3dh/agreement.ts'
import type { Party } from './party.ts'
import type { Tapped, TappedSession } from './wiretap.ts'

interface Loot {
  readonly of: Party
  readonly sessions: readonly Session[]
  readonly preKeys: readonly OwnPreKey[]
}

/** What is known of one session. */
interface Known {
  /** Anything that may be a root key, as hex. */
  readonly roots: Map<string, Uint8Array>
  readonly privateKeys: Map<string, Uint8Array>
  /** By ratchet key: chains from which its message keys come. */
  readonly chains: Map<string, Chain[]>
  readonly messageKeys: Map<string, Uint8Array>
}

const dh = secp256k1DiffieHellman(crypto)

export class Thief {
  readonly #loot: Loot[] = []

  async steal(of: Party): Promise<void> {
    const sessions: Session[] = []
    const [from, to] = [new Uint8Array(0), new Uint8Array(200).fill(255)]
    for await (const [key, value] of of.storage.range(INSTALLATIONS_TABLE, from, to, 1_000))
      sessions.push(...decodeInstallation(toHex(key), value).sessions)
    const preKeys = await of.storage.get(OWN_TABLE, OWN_PRE_KEYS_KEY)
    this.#loot.push({ of, sessions, preKeys: preKeys ? decodeOwnPreKeys(preKeys) : [] })
  }

  hasPreKey({ responder, preKeyId }: TappedSession): boolean {
    return this.#loot.some((one) => one.of === responder && one.preKeys.some(({ id }) => equal(id, preKeyId)))
  }

  /** Those of these messages that open in the end. */
  open(wire: readonly Tapped[]): Set<Tapped> {
    const opened = new Set<Tapped>()
    for (const session of new Set(wire.map((one) => one.session))) {
      const known = this.#knowledgeOf(session)
      const messages = wire.filter((one) => one.session === session)
      if (known) openAll(session, messages, known, opened)
    }
    for (const { of, sessions } of this.#loot)
      for (const one of sessions)
        readOn(
          of,
          one,
          wire.filter(({ session }) => sameSession(one, session)),
          opened,
        )
    return opened
  }

  #knowledgeOf(session: TappedSession): Known | undefined {
    const known: Known = {
      roots: new Map(),
      privateKeys: new Map(),
      chains: new Map(),
      messageKeys: new Map(),
    }
    let isAny = false
    for (const { sessions, preKeys } of this.#loot) {
      const one = sessions.find((candidate) => sameSession(candidate, session))
      if (one) learn(one, known)
      const preKey = preKeys.find(({ id }) => equal(id, session.preKeyId))
      if (preKey) learnPreKey(preKey, session, known)
      isAny ||= one !== undefined || preKey !== undefined
    }
    return isAny ? known : undefined
  }
}

function learn({ ratchet }: Session, { roots, privateKeys, chains, messageKeys }: Known): void {
  const { self, remoteKey, rootKey, sending, receiving, kept } = ratchet
  for (const secret of [rootKey, sending.key, receiving.key]) roots.set(toHex(secret), secret)
  privateKeys.set(toHex(self.publicKey), self.privateKey)
  add(chains, toHex(self.publicKey), sending)
  if (remoteKey) add(chains, toHex(remoteKey), receiving)
  for (const one of kept) messageKeys.set(`${toHex(one.ratchetKey)} ${one.n}`, one.messageKey)
}

/** With it the session begins once more. */
function learnPreKey(preKey: OwnPreKey, session: TappedSession, { roots, privateKeys }: Known): void {
  privateKeys.set(toHex(preKey.id), preKey.privateKey)
  const secret = acceptX3dh({
    identityPrivateKey: session.responder.self.identity.privateKey,
    preKeyPrivateKey: preKey.privateKey,
    remoteIdentity: session.initiator.self.publicKey,
    remoteEphemeralKey: session.ephemeralKey,
  })
  if (secret) roots.set(toHex(secret), secret)
}

/** As whoever has the device does: what it learns by reading opens what follows. */
function readOn(of: Party, { ratchet }: Session, wire: readonly Tapped[], opened: Set<Tapped>): void {
  const random = seededRandom(1)
  let state = ratchet
  for (const one of wire) {
    const { ratchetHeader: header, payload } = one.direct
    if (one.to !== of || !header) continue
    const read = ratchetDecrypt(state, { header, ciphertext: payload }, { random })
    if (!read.ok) continue
    opened.add(one)
    state = read.state
  }
}

/** Goes on until nothing more opens: each chain that opens tells a root key of which others come. */
function openAll(
  session: TappedSession,
  messages: readonly Tapped[],
  known: Known,
  opened: Set<Tapped>,
): void {
  const first = new Map<string, Tapped>()
  for (const one of messages) if (one.n <= (first.get(one.key)?.n ?? one.n)) first.set(one.key, one)
  const isWhole = new Set<string>()
  for (let before = -1; before < isWhole.size; ) {
    before = isWhole.size
    for (const [key, message] of first)
      if (!isWhole.has(key) && beginChain(session, message, known)) isWhole.add(key)
  }
  for (const one of messages) {
    const kept = known.messageKeys.get(`${one.key} ${one.n}`)
    const isOpen =
      (kept !== undefined && opens(one, kept)) ||
      (known.chains.get(one.key) ?? []).some((chain) => opensOn(one, chain))
    if (isOpen) opened.add(one)
  }
}

/** From every root key, with every key of the other side, if the private one of either is known. */
function beginChain(session: TappedSession, message: Tapped, known: Known): boolean {
  const others = [...session.keys].flatMap(([key, { of }]) => (of === message.from ? [] : [key]))
  for (const other of [toHex(session.preKeyId), ...others]) {
    const [own, theirs] = [known.privateKeys.get(message.key), known.privateKeys.get(other)]
    const secret = own ? dh.agree(own, fromHex(other)) : theirs && dh.agree(theirs, fromHex(message.key))
    if (!secret) continue
    for (const root of known.roots.values()) {
      const next = kdfRootKey(crypto, root, secret)
      if (!opensOn(message, { key: next.chainKey, n: 0 })) continue
      known.roots.set(toHex(next.rootKey), next.rootKey)
      add(known.chains, message.key, { key: next.chainKey, n: 0 })
      return true
    }
  }
  return false
}

function opensOn(message: Tapped, chain: Chain): boolean {
  if (message.n < chain.n) return false
  let { key } = chain
  for (let n = chain.n; n < message.n; n++) key = kdfChainKey(crypto, key).chainKey
  return opens(message, kdfChainKey(crypto, key).messageKey)
}

function opens({ direct: { ratchetHeader: header, payload } }: Tapped, messageKey: Uint8Array): boolean {
  return (
    header !== undefined &&
    openWithMessageKey(crypto, messageKey, payload, encodeRatchetHeader(header)) !== undefined
  )
}

function add(chains: Map<string, Chain[]>, key: string, chain: Chain): void {
  chains.set(key, [...(chains.get(key) ?? []), chain])
}
