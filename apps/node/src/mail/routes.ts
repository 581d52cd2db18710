/** `admin_backupArchive`: a copy of the archive while the node goes on. Over the Unix socket only. */

import { CodedError } from '@status-protocol/bytes'
import { type Handlers, RpcError, route } from '@status-protocol/rpc'
import { z } from 'zod'
import type { MailRole } from './role.ts'

export const ARCHIVE_ROUTES = {
  admin_backupArchive: route({
    summary: 'Copies the archive of this mailserver to a new file of the machine it runs on. SQLite only.',
    params: z.tuple([z.string().min(1).max(4_096)]),
    names: ['path'],
    result: z.literal(true),
  }),
}

/** `mail`: undefined if the node is no mailserver. */
export function archiveHandlers(mail: MailRole | undefined): Handlers<typeof ARCHIVE_ROUTES> {
  return {
    admin_backupArchive: async ([path], { transport }): Promise<true> => {
      if (transport !== 'ipc')
        throw new RpcError('refused', `copies are refused over ${transport}: use the IPC socket`)
      if (mail?.archive.backup === undefined)
        throw new RpcError('refused', 'this node has no archive in SQLite')
      try {
        await mail.archive.backup(path)
        return true
      } catch (error) {
        if (error instanceof CodedError) throw new RpcError('refused', error.message)
        throw error
      }
    },
  }
}
