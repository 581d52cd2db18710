import { concat, toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  acceptRatchet,
  decodeRatchetHeader,
  decodeRatchetState,
  encodeRatchetHeader,
  encodeRatchetState,
  forgetMessageKey,
  initiateRatchet,
  kdfChainKey,
  kdfHeaderKey,
  kdfMessageKey,
  kdfRootKey,
  openWithMessageKey,
  type RatchetMessage,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
  sealWithMessageKey,
} from '@status-protocol/double-ratchet/ratchet'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorFile,
  type VectorSuite,
} from '@status-protocol/testkit'
import { defectOf, ourVerdict } from '../support/defects.ts'
import { expectErrorClass } from '../support/error-classes.ts'

const FILE = 'double-ratchet.json'

export const suite: VectorSuite = {
  file: FILE,
  kinds: {
    kdf_rk: {
      expected: ['new_root_key', 'chain_key', 'header_key'],
      check(c) {
        const derived = kdfRootKey(crypto, hex(c.root_key), hex(c.dh_output))
        expectHex(derived.rootKey, c.new_root_key, 'new_root_key')
        expectHex(derived.chainKey, c.chain_key, 'chain_key')
        expectHex(kdfHeaderKey(crypto, hex(c.root_key), hex(c.dh_output)), c.header_key, 'header_key')
      },
    },
    kdf_ck: {
      expected: ['new_chain_key', 'message_key'],
      check(c) {
        const derived = kdfChainKey(crypto, hex(c.chain_key))
        expectHex(derived.chainKey, c.new_chain_key, 'new_chain_key')
        expectHex(derived.messageKey, c.message_key, 'message_key')
      },
    },
    aead: {
      expected: ['encryption_key', 'authentication_key', 'iv', 'plaintext', 'ciphertext'],
      check(c) {
        const [messageKey, associatedData] = [hex(c.message_key), hex(c.associated_data)]
        const derived = kdfMessageKey(crypto, messageKey)
        expectHex(derived.encryptionKey, c.encryption_key, 'encryption_key')
        expectHex(derived.authenticationKey, c.authentication_key, 'authentication_key')
        expectHex(derived.iv, c.iv, 'iv')
        const sealed = sealWithMessageKey(crypto, messageKey, hex(c.plaintext), { associatedData })
        expectHex(sealed, c.ciphertext, 'ciphertext')
        const opened = openWithMessageKey(crypto, messageKey, hex(c.ciphertext), associatedData)
        expectHex(opened, c.plaintext, 'plaintext')
      },
    },
    aead_negative: {
      expected: ['verdict'],
      check(c, file) {
        const opened = openWithMessageKey(
          crypto,
          hex(c.message_key),
          hex(c.ciphertext),
          hex(c.associated_data),
        )
        expectSame(opened ? 'ok' : 'error', ourVerdict(defectOf(FILE, file, c), c.verdict), 'verdict')
      },
    },
    header_encoding: {
      expected: ['dh', 'n', 'pn', 'encoded'],
      check(c) {
        expectHex(encodeRatchetHeader({ key: hex(c.dh), n: c.n, pn: c.pn }), c.encoded, 'encoded')
        const decoded = decodeRatchetHeader(hex(c.encoded), hex(c.dh).length)
        expectSame(decoded, { key: c.dh, n: c.n, pn: c.pn }, 'decoded')
      },
    },
    transcript: {
      expected: [
        'responder_dh_public',
        'alice_initial_state',
        'bob_initial_state',
        ...['dh', 'n', 'pn', 'header_encoded', 'message_key', 'ciphertext'].map((f) => `steps.*.${f}`),
        ...['plaintext', 'verdict', 'state_after'].map((f) => `steps.*.${f}`),
      ],
      check: checkTranscript,
    },
  },
}

interface Party {
  state: RatchetState
  /** Ratchet keys that the recording drew, in their order; `drawn` of them are behind us. */
  readonly keys: readonly string[]
  drawn: number
}

function checkTranscript(c: VectorCase, file: VectorFile): void {
  const sharedSecret = hex(c.shared_secret)
  const responderKey = {
    privateKey: hex(c.responder_dh_private),
    publicKey: crypto.compressPublicKey(crypto.publicKey(hex(c.responder_dh_private))),
  }
  expectHex(responderKey.publicKey, c.responder_dh_public, 'responder_dh_public')
  const parties = new Map<string, Party>()
  for (const name of [c.initiator, c.responder] as string[]) {
    const keys = c[`${name}_generated_dh_private_keys`] as string[]
    const isInitiator = name === c.initiator
    const state = isInitiator
      ? initiateRatchet({ sharedSecret, remoteKey: responderKey.publicKey }, { random: only(keys[0]) })
      : acceptRatchet({ sharedSecret, keyPair: responderKey })
    expectSame(shown(state), c[`${name}_initial_state`], `${name}_initial_state`)
    parties.set(name, { state, keys, drawn: isInitiator ? 1 : 0 })
  }
  const sent: RatchetMessage[] = []
  for (const [index, step] of (c.steps as VectorCase[]).entries()) {
    const party = parties.get(step.by)
    expectThat(party !== undefined, `step ${index}: ${step.by} is no party`)
    run(party, step, sent, ourVerdict(defectOf(FILE, file, c, index), step.verdict))
    expectSame(shown(party.state), step.state_after, `state_after of step ${index}`)
    party.state = decodeRatchetState(encodeRatchetState(party.state))
  }
}

function run(party: Party, step: VectorCase, sent: RatchetMessage[], verdict: unknown): void {
  if (step.op === 'encrypt') {
    encryptStep(party, step, sent)
    return
  }
  if (step.op === 'encrypt_and_discard') {
    for (let i = 0; i < step.count; i++) party.state = withoutMessage(party.state)
    return
  }
  const message = sent[step.message]
  expectThat(message !== undefined, `message ${step.message} was not sent`)
  if (step.op === 'confirm_processed_delete_message_key') {
    party.state = forgetMessageKey(party.state, message.header)
    return
  }
  decryptStep(party, step, changed(message, step.op), verdict)
}

/** A message that nobody will see moves the chain on; that is all that its encryption does to the state. */
function withoutMessage(state: RatchetState): RatchetState {
  const { key, n } = state.sending
  return { ...state, sending: { key: kdfChainKey(crypto, key).chainKey, n: n + 1 } }
}

function encryptStep(party: Party, step: VectorCase, sent: RatchetMessage[]): void {
  const { messageKey } = kdfChainKey(crypto, party.state.sending.key)
  expectHex(messageKey, step.message_key, 'message_key')
  const { state, message } = ratchetEncrypt(party.state, hex(step.plaintext))
  expectHex(message.header.key, step.dh, 'dh')
  expectSame(message.header.n, step.n, 'n')
  expectSame(message.header.pn, step.pn, 'pn')
  expectHex(encodeRatchetHeader(message.header), step.header_encoded, 'header_encoded')
  expectHex(message.ciphertext, step.ciphertext, 'ciphertext')
  expectSame(sent.length, step.message, 'number of the message')
  sent.push(message)
  party.state = state
}

/**
 * The reference draws a new ratchet key for every message that brings one, ours only for those that open. So the key
 * that is drawn is the one which the recording has afterwards, and it must be one of those that were drawn.
 */
function decryptStep(party: Party, step: VectorCase, message: RatchetMessage, verdict: unknown): void {
  const before = party.state
  const key = step.state_after.dh_self_private as string
  const result = ratchetDecrypt(before, message, { random: only(key) })
  expectSame(result.ok ? 'ok' : 'error', verdict, 'verdict')
  if (!result.ok) {
    if (step.verdict !== 'ok') expectErrorClass(result.reason, step.error)
    return
  }
  expectHex(result.plaintext, step.plaintext, 'plaintext')
  party.state = result.state
  if (result.state.self === before.self) return
  const at = party.keys.indexOf(key, party.drawn)
  expectThat(at >= 0, `the ratchet key of the step is none of those that were drawn`)
  party.drawn = at + 1
}

/** Operations that change a message on its way say how in their name. */
function changed(message: RatchetMessage, op: string): RatchetMessage {
  if (op === 'decrypt') return message
  const tampered = /^decrypt_tampered \(ciphertext byte (\d+) xor (\d+)\)$/.exec(op)
  if (tampered) {
    const ciphertext = message.ciphertext.slice()
    const at = Number(tampered[1])
    ciphertext[at] = (ciphertext[at] as number) ^ Number(tampered[2])
    return { ...message, ciphertext }
  }
  const moved = /^decrypt_with_header_(n|pn)_plus_(\d+)$/.exec(op)
  if (!moved) throw new Error(`unknown operation "${op}"`)
  const field = moved[1] as 'n' | 'pn'
  return { ...message, header: { ...message.header, [field]: message.header[field] + Number(moved[2]) } }
}

function only(privateKey: string | undefined) {
  return {
    bytes() {
      if (privateKey === undefined) throw new Error('no ratchet key is left')
      return hex(privateKey)
    },
  }
}

/** A state in the words of the file. Kept keys are ordered by chain and number; the file has hex of the hex text of `dh`. */
function shown(state: RatchetState) {
  const kept = state.kept
    .map((k) => ({ dh: toHex(utf8(toHex(k.ratchetKey))), n: k.n, message_key: toHex(k.messageKey) }))
    .sort((a, b) => (a.dh === b.dh ? a.n - b.n : a.dh < b.dh ? -1 : 1))
  return {
    root_key: state.rootKey,
    sending_chain_key: state.sending.key,
    sending_n: state.sending.n,
    receiving_chain_key: state.receiving.key,
    receiving_n: state.receiving.n,
    pn: state.pn,
    dh_self_public: state.self.publicKey,
    dh_self_private: state.self.privateKey,
    dh_remote_public: state.remoteKey ?? concat(),
    keys_count: state.keysCount,
    stored_message_keys_count: kept.length,
    stored_message_keys_first_12: kept.slice(0, 12),
  }
}
