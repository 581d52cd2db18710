/** Protobuf form of bundles. Map entries are written in the order of their ids, read in any. */
import { compare, utf8 } from '@status-protocol/bytes'
import { DoubleRatchetError } from '../error.ts'
import { double_ratchet as proto } from '../generated/protocol-message.js'
import { decodeWire, encodeWire, int64Of, toInt64, uint32Argument } from '../wire.ts'
import type { Bundle, SignedPreKey } from './bundle.ts'

/** Installations that a bundle may list. Clients write at most 3. */
export const MAX_BUNDLE_PRE_KEYS = 16

export function encodeBundle(bundle: Bundle): Uint8Array {
  return encodeWire(proto.Bundle, bundleToWire(bundle))
}

/** Proves nothing: see `verifyBundle`. @throws DoubleRatchetError `malformed` */
export function decodeBundle(bytes: Uint8Array): Bundle {
  return bundleFromWire(decodeWire(proto.Bundle, bytes, 'bundle'))
}

/** A bundle and the private key of its owner's pre key, as the clients store it. Never sent. */
export interface BundleContainer {
  readonly bundle: Bundle
  readonly preKeyPrivateKey: Uint8Array
}

export function encodeBundleContainer(container: BundleContainer): Uint8Array {
  return encodeWire(proto.BundleContainer, {
    bundle: bundleToWire(container.bundle),
    privateSignedPreKey: container.preKeyPrivateKey,
  })
}

/** @throws DoubleRatchetError `malformed` */
export function decodeBundleContainer(bytes: Uint8Array): BundleContainer {
  const { bundle, privateSignedPreKey } = decodeWire(proto.BundleContainer, bytes, 'bundle container')
  return { bundle: bundleFromWire(bundle ?? {}), preKeyPrivateKey: bytesOf(privateSignedPreKey) }
}

/** @internal */
export function bundleToWire(bundle: Bundle): proto.Bundle.$Properties {
  const entries = byId(bundle.preKeys, ({ installationId }) => installationId)
  return {
    identity: bundle.identity,
    signedPreKeys: mapOf(entries.map((entry) => [entry.installationId, preKeyToWire(entry)])),
    signature: bundle.signature,
    timestamp: toInt64(bundle.timestampNs, 'timestampNs'),
  }
}

/** @internal */
export function bundleFromWire(message: proto.Bundle.$Properties): Bundle {
  const entries = Object.entries(message.signedPreKeys ?? {})
  if (entries.length > MAX_BUNDLE_PRE_KEYS)
    throw new DoubleRatchetError(
      'malformed',
      `bundle: ${entries.length} installations, at most ${MAX_BUNDLE_PRE_KEYS} are read`,
    )
  return {
    identity: bytesOf(message.identity),
    preKeys: entries.map(([installationId, entry]) => ({
      installationId,
      preKey: bytesOf(entry.signedPreKey),
      version: entry.version ?? 0,
      protocolVersion: entry.protocolVersion ?? 0,
    })),
    signature: bytesOf(message.signature),
    timestampNs: int64Of(message.timestamp),
  }
}

function preKeyToWire({ preKey, version, protocolVersion }: SignedPreKey): proto.SignedPreKey.$Properties {
  return {
    signedPreKey: preKey,
    version: uint32Argument(version, 'version'),
    protocolVersion: uint32Argument(protocolVersion, 'protocolVersion'),
  }
}

const NO_BYTES = new Uint8Array(0)

/** A field that is absent reads as an empty Buffer on Node; nobody should meet one. @internal */
export function bytesOf(value: Uint8Array | null | undefined): Uint8Array {
  return value?.length ? value : NO_BYTES
}

/** Ordered by UTF-8 bytes of the id, as Go orders text. @internal */
export function byId<Entry>(entries: readonly Entry[], idOf: (entry: Entry) => string): readonly Entry[] {
  if (entries.length < 2) return entries
  return entries
    .map((entry) => ({ entry, id: utf8(idOf(entry)) }))
    .sort((a, b) => compare(a.id, b.id))
    .map(({ entry }) => entry)
}

/** An object for a protobuf map; a key like `__proto__` is a key like any other. @internal */
export function mapOf<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  return Object.fromEntries(entries)
}
