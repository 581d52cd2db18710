import { utf8 } from '@status-protocol/bytes'
import { DoubleRatchetError } from '../error.ts'
import { ANY_INSTALLATION } from '../message/protocol-message.ts'

/** UTF-8 bytes of an installation id. Clients use UUIDs (36 bytes). */
export const MAX_INSTALLATION_ID_BYTES = 128

/** Whether an id that somebody sent may name an installation. */
export function isInstallationId(id: string): boolean {
  return id !== '' && id !== ANY_INSTALLATION && utf8(id).length <= MAX_INSTALLATION_ID_BYTES
}

/** @throws DoubleRatchetError `invalid-argument` */
export function checkedInstallationId(id: string): string {
  const isText = typeof id === 'string' && new TextDecoder().decode(utf8(id)) === id
  if (!isText || !isInstallationId(id))
    throw new DoubleRatchetError(
      'invalid-argument',
      `installationId: expected a text of 1 to ${MAX_INSTALLATION_ID_BYTES} bytes other than "${ANY_INSTALLATION}"`,
    )
  return id
}
