/** By what two members notice that they see different groups: spec "Group chats" has nothing for it, this is ours. */
import { concat, fromHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import type { OpenedGroupEvent } from './event.ts'

/**
 * 32 bytes: keccak256 of the ids (32 bytes each) of the events that count, in their order. Whoever has the same ones has the
 * same name, members, roles; whoever has others may not.
 *
 * @param accepted `GroupView.accepted`
 */
export function groupViewHash(
  accepted: readonly OpenedGroupEvent[],
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): Uint8Array {
  return crypto.keccak256(concat(...accepted.map(({ id }) => fromHex(id, 32))))
}
