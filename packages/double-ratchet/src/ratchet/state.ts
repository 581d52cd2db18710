/** What one side of a ratchet session knows, and how it begins. X3DH is not its knowledge: any shared secret will do. */
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { concealed } from '../concealed.ts'
import { DoubleRatchetError } from '../error.ts'
import { type KeyPair, keyPair, PRIVATE_KEY_BYTES } from '../keys.ts'
import { type DiffieHellman, secp256k1DiffieHellman } from './dh.ts'
import { kdfChainKey, kdfRootKey } from './kdf.ts'
import type { KeptKey } from './kept-keys.ts'

/** A symmetric chain: its current key and how many message keys came out of it. */
export interface Chain {
  readonly key: Uint8Array
  readonly n: number
}

/** Never changed; every transition returns a new one. Printing it shows no key. */
export interface RatchetState {
  /** {@link DiffieHellman.id} of the session. */
  readonly dhId: number
  readonly rootKey: Uint8Array
  readonly sending: Chain
  readonly receiving: Chain
  /** Length of the sending chain before this one. */
  readonly pn: number
  /** Our current ratchet key. */
  readonly self: KeyPair
  /** The peer's current ratchet key; unknown to the responder until the first message. */
  readonly remoteKey: Uint8Array | undefined
  /** Message keys derived for reading, ever. */
  readonly keysCount: number
  /** BOUNDED: 2,000 keys. */
  readonly kept: readonly KeptKey[]
}

export interface RatchetOptions {
  /** Default: secp256k1, as on the wire. The same one for the whole life of a session. */
  readonly dh?: DiffieHellman
  readonly crypto?: CryptoProvider
}

/** @internal */
export const ratchetState: (fields: RatchetState) => RatchetState = concealed('RatchetState')

const SECRET_BYTES = 32

/**
 * The side that knows the other's first ratchet key (in X3DH: the signed pre key). Its sending chain comes from a first
 * root step, its receiving chain from the shared secret.
 *
 * @throws DoubleRatchetError `invalid-key` if `remoteKey` is none; `invalid-argument`
 */
export function initiateRatchet(
  input: { readonly sharedSecret: Uint8Array; readonly remoteKey: Uint8Array },
  options: RatchetOptions & { readonly random: Random },
): RatchetState {
  const { dh, crypto } = toolsOf(options)
  const sharedSecret = expectSecret(input.sharedSecret)
  const self = dh.generate(options.random)
  const agreed = dh.agree(self.privateKey, input.remoteKey)
  if (!agreed)
    throw new DoubleRatchetError(
      'invalid-key',
      `remoteKey: expected a public key of ${dh.publicKeyBytes} bytes, got ${input.remoteKey.length} bytes that are none`,
    )
  const { rootKey, chainKey } = kdfRootKey(crypto, sharedSecret, agreed)
  return ratchetState({
    dhId: dh.id,
    rootKey,
    sending: { key: chainKey, n: 0 },
    receiving: { key: sharedSecret, n: 0 },
    pn: 0,
    self,
    remoteKey: input.remoteKey.slice(),
    keysCount: 0,
    kept: [],
  })
}

/**
 * What an initiator keeps who has read nothing yet: not the shared secret, from which the chain comes that is sent on, so that
 * whoever stole it would read what was sent already. Should the other side write first, its first message key and the rest of
 * its chain are there, from which nothing leads back.
 *
 * @internal
 */
export function withoutSharedSecret(
  initial: RatchetState,
  { crypto }: { readonly crypto: CryptoProvider },
): RatchetState {
  const { receiving, remoteKey } = initial
  if (!remoteKey || receiving.n > 0) return initial
  const { chainKey, messageKey } = kdfChainKey(crypto, receiving.key)
  const first: KeptKey = { ratchetKey: remoteKey, n: 0, seq: 0, day: 0, messageKey }
  return ratchetState({ ...initial, receiving: { key: chainKey, n: 1 }, keysCount: 1, kept: [first] })
}

/** The other side has not written first: what {@link withoutSharedSecret} kept for that is of no use. @internal */
export function withoutFirstKey(state: RatchetState): RatchetState {
  const { receiving, kept, keysCount } = state
  const isUnread = receiving.n === 1 && keysCount === 1 && kept.length === 1
  return isUnread
    ? ratchetState({ ...state, receiving: { ...receiving, n: 0 }, keysCount: 0, kept: [] })
    : state
}

/**
 * The side whose key pair the initiator knew. Both its chains start from the shared secret, so that it can write first.
 *
 * @throws DoubleRatchetError `invalid-argument`
 */
export function acceptRatchet(
  input: { readonly sharedSecret: Uint8Array; readonly keyPair: KeyPair },
  options: RatchetOptions = {},
): RatchetState {
  const { dh } = toolsOf(options)
  const sharedSecret = expectSecret(input.sharedSecret)
  const { privateKey, publicKey } = input.keyPair
  if (privateKey.length !== PRIVATE_KEY_BYTES || publicKey.length !== dh.publicKeyBytes)
    throw new DoubleRatchetError(
      'invalid-argument',
      `keyPair: expected ${PRIVATE_KEY_BYTES} and ${dh.publicKeyBytes} bytes, got ${privateKey.length} and ${publicKey.length}`,
    )
  return ratchetState({
    dhId: dh.id,
    rootKey: sharedSecret,
    sending: { key: sharedSecret, n: 0 },
    receiving: { key: sharedSecret, n: 0 },
    pn: 0,
    self: keyPair({ privateKey, publicKey }),
    remoteKey: undefined,
    keysCount: 0,
    kept: [],
  })
}

/** @internal */
export function toolsOf(options: RatchetOptions): {
  readonly dh: DiffieHellman
  readonly crypto: CryptoProvider
} {
  const crypto = options.crypto ?? defaultProvider
  return { crypto, dh: options.dh ?? secp256k1DiffieHellman(crypto) }
}

function expectSecret(sharedSecret: Uint8Array): Uint8Array {
  if (!(sharedSecret instanceof Uint8Array && sharedSecret.length === SECRET_BYTES))
    throw new DoubleRatchetError('invalid-argument', `sharedSecret: expected ${SECRET_BYTES} bytes`)
  return sharedSecret.slice()
}
