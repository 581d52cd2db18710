/** What a person decides about installations. */
import { utf8 } from '@status-protocol/bytes'
import { DoubleRatchetError } from '../error.ts'
import {
  type Conversation,
  type Transition,
  transition,
  withInstallation,
  withInstallations,
} from './conversation.ts'
import { type Installation, type InstallationMetadata, MAX_METADATA_BYTES } from './installation.ts'

/**
 * Enabled installations are written to, and ours are listed in our bundle.
 *
 * @throws DoubleRatchetError `invalid-argument` for an installation that is not known
 */
export function setInstallationEnabled(
  conversation: Conversation,
  input: { readonly installationId: string; readonly enabled: boolean },
): Transition<readonly []> {
  const known = knownInstallation(conversation, input.installationId)
  const next = known.enabled === input.enabled ? known : { ...known, enabled: input.enabled }
  return transition(conversation, replaced(conversation, next), [])
}

/**
 * What a person calls an installation. Two empty texts take it away.
 *
 * @throws DoubleRatchetError `invalid-argument` for an installation that is not known, or a text of over 100 bytes of UTF-8
 */
export function setInstallationMetadata(
  conversation: Conversation,
  input: { readonly installationId: string; readonly metadata: InstallationMetadata },
): Transition<readonly []> {
  const { name, deviceType } = input.metadata
  for (const [what, text] of Object.entries({ name, deviceType }))
    if (typeof text !== 'string' || utf8(text).length > MAX_METADATA_BYTES)
      throw new DoubleRatchetError(
        'invalid-argument',
        `metadata.${what}: expected a text of at most ${MAX_METADATA_BYTES} bytes of UTF-8`,
      )
  const { metadata: before, ...known } = knownInstallation(conversation, input.installationId)
  const isSame = (before?.name ?? '') === name && (before?.deviceType ?? '') === deviceType
  if (isSame) return transition(conversation, conversation, [])
  const next = name || deviceType ? { ...known, metadata: { name, deviceType } } : known
  return transition(conversation, replaced(conversation, next), [])
}

function knownInstallation({ installations }: Conversation, installationId: string): Installation {
  const known = installations.find(({ id }) => id === installationId)
  if (!known)
    throw new DoubleRatchetError(
      'invalid-argument',
      `installationId: expected one of the ${installations.length} that are known`,
    )
  return known
}

function replaced(conversation: Conversation, next: Installation): Conversation {
  return withInstallations(conversation, withInstallation(conversation.installations, next))
}

/** Forgets a peer's installations and all sessions with them. What they wrote and we have not read cannot be read any more. */
export function forgetPeer(conversation: Conversation): Transition<readonly []> {
  const { peerState: _, ...rest } = withInstallations(conversation, [])
  return transition(conversation, rest, [])
}
