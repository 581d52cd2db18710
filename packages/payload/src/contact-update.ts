import { type TableCodec, tableCodec, text, uint64 } from './codec.ts'
import { status } from './generated/payload.js'

/** What a contact tells about himself (wire type 2). The one with the highest clock counts. */
export interface ContactUpdate {
  readonly type: 'contact-update'
  readonly clock: bigint
  /** ENS name that the sender claims, not verified; '' if none. */
  readonly ensName: string
  /** A `data:` URL; '' if none. */
  readonly profileImage: string
  readonly unknownFields?: Uint8Array
}

export const contactUpdateCodec: TableCodec<ContactUpdate> = tableCodec(
  'ContactUpdate',
  status.payload.ContactUpdate,
  { type: 'contact-update' },
  { clock: uint64, ensName: text, profileImage: text },
)
