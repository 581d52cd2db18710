/** Who we are: one identity on one installation. */
import type { PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { concealed } from '../concealed.ts'
import { compress, expectPrivateKey, type KeyPair, keyPair } from '../keys.ts'
import { checkedInstallationId } from './installation-id.ts'

export interface Self {
  /** 65 bytes. */
  readonly publicKey: PublicKey
  /** The identity key; its public key is compressed. */
  readonly identity: KeyPair
  readonly installationId: string
}

const selfOf: (fields: Self) => Self = concealed('Self')

/**
 * @param input.identity the 32-byte private identity key
 * @param input.installationId 1 to 128 bytes of UTF-8, a UUID as a rule; another one for each device, never used again
 *   once its store is lost
 * @throws DoubleRatchetError `invalid-key`, `invalid-argument`
 */
export function createSelf(
  input: { readonly identity: Uint8Array; readonly installationId: string },
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): Self {
  expectPrivateKey(crypto, input.identity, 'identity')
  const installationId = checkedInstallationId(input.installationId)
  const privateKey = input.identity.slice()
  const publicKey = crypto.publicKey(privateKey)
  return selfOf({
    publicKey,
    identity: keyPair({ privateKey, publicKey: compress(publicKey) }),
    installationId,
  })
}
