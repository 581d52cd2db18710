import { concat, toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  acceptX3dh,
  type Bundle,
  DoubleRatchetError,
  decodeBundle,
  decodeBundleContainer,
  encodeBundle,
  encodeBundleContainer,
  initiateX3dh,
  signBundle,
  signedMaterial,
  verifyBundle,
} from '@status-protocol/double-ratchet/x3dh'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorSuite,
} from '@status-protocol/testkit'
import { decodeProtocolMessage, encodeProtocolMessage } from '../../src/message/protocol-message.ts'
import { defectOf, ourVerdict } from '../support/defects.ts'

const FILE = 'x3dh-bundles.json'

export const suite: VectorSuite = {
  file: FILE,
  kinds: {
    bundle: {
      expected: [
        'identity_public_key_compressed',
        'signed_pre_keys.*.signed_pre_key',
        'signed_pre_keys.*.bundle_id',
        'signed_material',
        'signed_material_keccak256',
        'signature',
        'bundle_protobuf',
        'bundle_container_protobuf',
        'extracted_identity',
        'verdict',
      ],
      check(c, file) {
        const built = checkBuilt(c)
        const protobuf = hex(c.bundle_protobuf)
        expectHex(encodeBundle(built), c.bundle_protobuf, 'bundle_protobuf')
        expectSame(normal(decodeBundle(protobuf)), normal(built), 'decoded bundle')
        if (c.bundle_container_protobuf !== undefined) checkContainer(c, built)
        checkVerdict(protobuf, c, ourVerdict(defectOf(FILE, file, c), c.verdict))
      },
    },
    bundle_negative: {
      expected: ['verdict', 'extracted_identity'],
      check(c, file) {
        checkVerdict(hex(c.bundle_protobuf), c, ourVerdict(defectOf(FILE, file, c), c.verdict))
      },
    },
    x3dh: {
      expected: [
        'initiator_identity_public',
        'initiator_ephemeral_public',
        'responder_identity_public',
        'responder_signed_pre_key_public',
        'dh1_ik_spk',
        'dh2_ek_ik',
        'dh3_ek_spk',
        'x3dh_shared_secret',
        'x3dh_header_protobuf',
      ],
      check: checkAgreement,
    },
  },
}

function checkBuilt(c: VectorCase): Bundle {
  const identityPrivateKey = hex(c.identity_private_key)
  expectHex(
    compressed(identityPrivateKey),
    c.identity_public_key_compressed,
    'identity_public_key_compressed',
  )
  const preKeys = (c.signed_pre_keys as VectorCase[]).map((entry) => {
    const preKey = compressed(hex(entry.signed_pre_key_private))
    expectHex(preKey, entry.signed_pre_key, 'signed_pre_key')
    expectHex(preKey, entry.bundle_id, 'bundle_id')
    return {
      installationId: entry.installation_id as string,
      preKey,
      version: entry.version as number,
      protocolVersion: entry.protocol_version as number,
    }
  })
  const timestampNs = BigInt(c.timestamp)
  const material = signedMaterial({ preKeys, timestampNs })
  expectHex(material, c.signed_material, 'signed_material')
  expectHex(crypto.keccak256(material), c.signed_material_keccak256, 'signed_material_keccak256')
  const built = signBundle({ identityPrivateKey, preKeys, timestampNs })
  expectHex(built.signature, c.signature, 'signature')
  return built
}

function checkContainer(c: VectorCase, bundle: Bundle): void {
  const preKeyPrivateKey = hex(c.signed_pre_keys[0].signed_pre_key_private)
  const encoded = encodeBundleContainer({ bundle, preKeyPrivateKey })
  expectHex(encoded, c.bundle_container_protobuf, 'bundle_container_protobuf')
  const decoded = decodeBundleContainer(encoded)
  expectHex(decoded.preKeyPrivateKey, c.signed_pre_keys[0].signed_pre_key_private, 'private key of container')
  expectSame(normal(decoded.bundle), normal(bundle), 'bundle of container')
}

function checkVerdict(protobuf: Uint8Array, c: VectorCase, expected: unknown): void {
  const verdict = judge(protobuf)
  expectSame(verdict ? 'ok' : 'error', expected, 'verdict')
  if (verdict) expectHex(verdict, c.extracted_identity, 'extracted_identity')
}

/** The identity that a bundle proves, if it does. */
function judge(protobuf: Uint8Array): Uint8Array | undefined {
  try {
    const verdict = verifyBundle(decodeBundle(protobuf))
    return verdict.ok ? verdict.identity : undefined
  } catch (error) {
    if (error instanceof DoubleRatchetError && error.code === 'malformed') return undefined
    throw error
  }
}

function checkAgreement(c: VectorCase): void {
  const [ika, eka, ikb, spkb] = [
    hex(c.initiator_identity_private),
    hex(c.initiator_ephemeral_private),
    hex(c.responder_identity_private),
    hex(c.responder_signed_pre_key_private),
  ]
  expectHex(compressed(ika), c.initiator_identity_public, 'initiator_identity_public')
  expectHex(compressed(eka), c.initiator_ephemeral_public, 'initiator_ephemeral_public')
  expectHex(compressed(ikb), c.responder_identity_public, 'responder_identity_public')
  expectHex(compressed(spkb), c.responder_signed_pre_key_public, 'responder_signed_pre_key_public')
  const dhs = [
    crypto.ecdh(ika, crypto.publicKey(spkb)),
    crypto.ecdh(eka, crypto.publicKey(ikb)),
    crypto.ecdh(eka, crypto.publicKey(spkb)),
  ] as const
  expectHex(dhs[0], c.dh1_ik_spk, 'dh1_ik_spk')
  expectHex(dhs[1], c.dh2_ek_ik, 'dh2_ek_ik')
  expectHex(dhs[2], c.dh3_ek_spk, 'dh3_ek_spk')
  const initiated = initiateX3dh({
    identityPrivateKey: ika,
    ephemeralPrivateKey: eka,
    remoteIdentity: crypto.publicKey(ikb),
    remotePreKey: compressed(spkb),
  })
  expectHex(initiated, c.x3dh_shared_secret, 'x3dh_shared_secret')
  expectHex(crypto.keccak256(concat(...dhs)), c.x3dh_shared_secret, 'x3dh_shared_secret of its three parts')
  const accepted = acceptX3dh({
    identityPrivateKey: ikb,
    preKeyPrivateKey: spkb,
    remoteIdentity: crypto.publicKey(ika),
    remoteEphemeralKey: compressed(eka),
  })
  expectHex(accepted, c.x3dh_shared_secret, 'x3dh_shared_secret of the responder')
  checkHeader(compressed(eka), compressed(spkb), c.x3dh_header_protobuf)
}

/** The header as it stands in a message: field 1 of a direct message that has nothing else. */
function checkHeader(key: Uint8Array, preKeyId: Uint8Array, expected: string): void {
  const bytes = encodeProtocolMessage({
    installationId: '',
    bundles: [],
    directMessages: [{ installationId: 'b', x3dhHeader: { key, preKeyId }, payload: new Uint8Array(0) }],
  })
  const length = (expected.length / 2).toString(16).padStart(2, '0')
  expectThat(toHex(bytes).endsWith(`0a${length}${expected}`), `x3dh_header_protobuf: not in ${toHex(bytes)}`)
  const [direct] = decodeProtocolMessage(bytes).directMessages
  expectHex(direct?.x3dhHeader?.key, toHex(key), 'key of the header')
  expectHex(direct?.x3dhHeader?.preKeyId, toHex(preKeyId), 'id of the header')
}

function normal(bundle: Bundle) {
  const preKeys = [...bundle.preKeys].sort((a, b) =>
    toHex(utf8(a.installationId)) < toHex(utf8(b.installationId)) ? -1 : 1,
  )
  return { ...bundle, preKeys }
}

function compressed(privateKey: Uint8Array): Uint8Array {
  return crypto.compressPublicKey(crypto.publicKey(privateKey))
}
