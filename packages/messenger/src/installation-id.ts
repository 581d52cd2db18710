import { toHex } from '@status-protocol/bytes'
import type { Random, Storage } from '@status-protocol/ports'
import { getInstallationId, putInstallationId } from './tables.ts'

/** The name of this device among its owner's: a random UUID, made with the store and never used again without it. */
export async function loadInstallationId(storage: Storage, random: Random): Promise<string> {
  const known = await getInstallationId(storage)
  if (known) return known
  const bytes = random.bytes(16).slice()
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const digits = toHex(bytes)
  const id = [0, 8, 12, 16, 20].map((from, i, starts) => digits.slice(from, starts[i + 1])).join('-')
  await storage.commit([putInstallationId(id)])
  return id
}
