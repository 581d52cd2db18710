import { BASE_CODES } from './base/messages.ts'
import { P2pError } from './error.ts'

/** A subprotocol as one side offers it. */
export interface Capability {
  /** 1 - 32 printable ASCII characters, `shh`. */
  readonly name: string
  readonly version: number
  /** How many message codes it owns, starting at 0; 128 for `shh/6` (codes 0 .. 127). */
  readonly length: number
}

/** A subprotocol that both sides speak, with its place on the wire. */
export interface SharedCapability extends Capability {
  /** Wire code of its code 0; 16 for the first. */
  readonly offset: number
}

/** What we offer is a handful; this also keeps Hello within its 2,048 bytes. */
const MAX_CAPABILITIES = 32
const MAX_LENGTH = 0x1_0000

/**
 * The capabilities themselves, by name and version, as Hello lists them.
 *
 * @throws P2pError `invalid-argument`: none or too many, a name, version or length out of range, one given twice
 */
export function checkCapabilities(capabilities: readonly Capability[]): readonly Capability[] {
  if (capabilities.length === 0 || capabilities.length > MAX_CAPABILITIES)
    throw invalid(`expected 1 - ${MAX_CAPABILITIES} of them, got ${capabilities.length}`)
  const seen = new Set<string>()
  for (const { name, version, length } of capabilities) {
    if (!/^[\x21-\x7e]{1,32}$/.test(name))
      throw invalid('expected names of 1 - 32 printable ASCII characters')
    if (!Number.isSafeInteger(version) || version < 0)
      throw invalid(`expected a version of ${name} that is an integer, not negative`)
    if (!Number.isInteger(length) || length < 1 || length > MAX_LENGTH)
      throw invalid(`expected ${name} to have 1 - ${MAX_LENGTH} codes, got ${length}`)
    if (seen.has(`${name}/${version}`)) throw invalid(`${name}/${version} is there twice`)
    seen.add(`${name}/${version}`)
  }
  return [...capabilities].sort((a, b) => byText(a.name, b.name) || a.version - b.version)
}

function invalid(what: string): P2pError {
  return new P2pError('invalid-argument', `capabilities: ${what}`)
}

/**
 * What both speak: of each name the highest version that both have, sorted by name, codes from 16 on without gaps
 * (RLPx "Capability Messaging"). Both sides compute the same. Lengths are ours.
 */
export function matchCapabilities(
  ours: readonly Capability[],
  theirs: readonly { readonly name: string; readonly version: number }[],
): readonly SharedCapability[] {
  const offered = new Set(theirs.map(({ name, version }) => `${version}/${name}`))
  const best = new Map<string, Capability>()
  for (const capability of ours) {
    const other = best.get(capability.name)
    if (
      offered.has(`${capability.version}/${capability.name}`) &&
      !(other && other.version > capability.version)
    )
      best.set(capability.name, capability)
  }
  let offset = BASE_CODES
  return [...best.values()]
    .sort((a, b) => byText(a.name, b.name))
    .map(({ name, version, length }) => {
      const shared = { name, version, length, offset }
      offset += length
      return shared
    })
}

/** Whose message a wire code above 15 is, or undefined if nobody's. */
export function capabilityOf(
  shared: readonly SharedCapability[],
  wireCode: number,
): SharedCapability | undefined {
  return shared.find(({ offset, length }) => wireCode >= offset && wireCode < offset + length)
}

/** By code unit, which for ASCII is by byte. */
function byText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
