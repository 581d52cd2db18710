/** What a person decides about installations. */
import { DoubleRatchetError } from '../error.ts'
import {
  type Conversation,
  type Transition,
  transition,
  withInstallation,
  withInstallations,
} from './conversation.ts'

/**
 * Enabled installations are written to, and ours are listed in our bundle.
 *
 * @throws DoubleRatchetError `invalid-argument` for an installation that is not known
 */
export function setInstallationEnabled(
  conversation: Conversation,
  input: { readonly installationId: string; readonly enabled: boolean },
): Transition<readonly []> {
  const { installations } = conversation
  const known = installations.find(({ id }) => id === input.installationId)
  if (!known)
    throw new DoubleRatchetError(
      'invalid-argument',
      `installationId: expected one of the ${installations.length} that are known`,
    )
  const next = known.enabled === input.enabled ? known : { ...known, enabled: input.enabled }
  return transition(conversation, withInstallations(conversation, withInstallation(installations, next)), [])
}

/** Forgets a peer's installations and all sessions with them. What they wrote and we have not read cannot be read any more. */
export function forgetPeer(conversation: Conversation): Transition<readonly []> {
  return transition(conversation, withInstallations(conversation, []), [])
}
