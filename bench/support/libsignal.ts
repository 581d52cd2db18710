/** Signal's own library in memory, with the least of stores: for comparison, see bench/double-ratchet.ts. */
import type * as Signal from '@signalapp/libsignal-client'

export interface SignalParty {
  encrypt(to: SignalParty, plaintext: Uint8Array): Promise<Uint8Array>
  /** `first`: the sender has had no answer yet. */
  decrypt(from: SignalParty, message: Uint8Array, first?: boolean): Promise<Uint8Array>
  /** Fetches the other's bundle and agrees on a session (PQXDH: X3DH and Kyber). */
  begin(to: SignalParty): Promise<void>
  /** @internal */
  readonly address: Signal.ProtocolAddress
  /** @internal */
  bundle(): Signal.PreKeyBundle
}

/** Undefined if the package has no binary for this platform. */
export async function loadLibsignal(): Promise<((name: string) => SignalParty) | undefined> {
  try {
    const signal = await import('@signalapp/libsignal-client')
    return (name) => createParty(signal, name)
  } catch {
    return undefined
  }
}

function createParty(signal: typeof Signal, name: string): SignalParty {
  const address = signal.ProtocolAddress.new(name, 1)
  const identity = signal.IdentityKeyPair.generate()
  const signedPreKey = signal.PrivateKey.generate()
  const preKey = signal.PrivateKey.generate()
  const kyber = signal.KEMKeyPair.generate()
  const signedBy = (bytes: Uint8Array) => identity.privateKey.sign(bytes as Uint8Array<ArrayBuffer>)
  const kyberRecord = signal.KyberPreKeyRecord.new(
    1,
    Date.now(),
    kyber,
    signedBy(kyber.getPublicKey().serialize()),
  )
  const signedRecord = signal.SignedPreKeyRecord.new(
    1,
    Date.now(),
    signedPreKey.getPublicKey(),
    signedPreKey,
    signedBy(signedPreKey.getPublicKey().serialize()),
  )
  const preKeyRecord = signal.PreKeyRecord.new(1, preKey.getPublicKey(), preKey)

  class Sessions extends signal.SessionStore {
    readonly #records = new Map<string, Uint8Array<ArrayBuffer>>()
    async saveSession(of: Signal.ProtocolAddress, record: Signal.SessionRecord) {
      this.#records.set(of.toString(), record.serialize())
    }
    async getSession(of: Signal.ProtocolAddress) {
      const bytes = this.#records.get(of.toString())
      return bytes ? signal.SessionRecord.deserialize(bytes) : null
    }
    async getExistingSessions() {
      return []
    }
  }
  class Identities extends signal.IdentityKeyStore {
    async getIdentityKey() {
      return identity.privateKey
    }
    async getLocalRegistrationId() {
      return 1
    }
    async saveIdentity() {
      return signal.IdentityChange.NewOrUnchanged
    }
    async isTrustedIdentity() {
      return true
    }
    async getIdentity() {
      return null
    }
  }
  class PreKeys extends signal.PreKeyStore {
    async savePreKey() {}
    async getPreKey() {
      return preKeyRecord
    }
    async removePreKey() {}
  }
  class SignedPreKeys extends signal.SignedPreKeyStore {
    async saveSignedPreKey() {}
    async getSignedPreKey() {
      return signedRecord
    }
  }
  class KyberPreKeys extends signal.KyberPreKeyStore {
    async saveKyberPreKey() {}
    async getKyberPreKey() {
      return kyberRecord
    }
    async markKyberPreKeyUsed() {}
  }
  const [sessions, identities] = [new Sessions(), new Identities()]
  const [preKeys, signedPreKeys, kyberPreKeys] = [new PreKeys(), new SignedPreKeys(), new KyberPreKeys()]

  return {
    address,
    bundle: () =>
      signal.PreKeyBundle.new(
        1,
        1,
        1,
        preKey.getPublicKey(),
        1,
        signedPreKey.getPublicKey(),
        signedRecord.signature(),
        identity.publicKey,
        1,
        kyber.getPublicKey(),
        kyberRecord.signature(),
      ),
    begin: (to) => signal.processPreKeyBundle(to.bundle(), to.address, address, sessions, identities),
    async encrypt(to, plaintext) {
      const bytes = plaintext as Uint8Array<ArrayBuffer>
      return (await signal.signalEncrypt(bytes, to.address, address, sessions, identities)).serialize()
    },
    async decrypt(from, message, first = false) {
      const bytes = message as Uint8Array<ArrayBuffer>
      if (!first) {
        const read = signal.SignalMessage.deserialize(bytes)
        return signal.signalDecrypt(read, from.address, address, sessions, identities)
      }
      return signal.signalDecryptPreKey(
        signal.PreKeySignalMessage.deserialize(bytes),
        from.address,
        address,
        sessions,
        identities,
        preKeys,
        signedPreKeys,
        kyberPreKeys,
      )
    },
  }
}
