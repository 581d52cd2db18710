import { toHex } from '@status-protocol/bytes'
import { INSTALLATIONS_TABLE, OWN_TABLE, PEERS_TABLE } from '@status-protocol/double-ratchet'
import { SYNC_TABLES } from '@status-protocol/mvds'
import type { Storage } from '@status-protocol/ports'

const TABLES = [
  ...['chat', 'contact', 'stranger', 'message', 'message-key', 'outbox', 'sync', 'read', 'read-at', 'parcel'],
  ...['event', 'meta', INSTALLATIONS_TABLE, OWN_TABLE, PEERS_TABLE, ...Object.values(SYNC_TABLES)],
]
const [FIRST, LAST] = [new Uint8Array(0), new Uint8Array(300).fill(255)]

/** All that a messenger stores, but routes: those only save time. */
export async function contentsOf(storage: Storage): Promise<string> {
  const lines: string[] = []
  for (const table of TABLES)
    for await (const [key, value] of storage.range(table, FIRST, LAST, 1e6))
      lines.push(`${table} ${toHex(key)} ${toHex(value)}`)
  return lines.join('\n')
}
