import type { PublicKey } from '@status-protocol/bytes'
import type { PayloadGeneration } from '@status-protocol/payload'
import type { NameWarning } from './names.ts'
import type { ContactState } from './states.ts'

/** Something changed between us and a person, or in what they say of themselves. */
export interface ContactEvent {
  readonly type: 'contact'
  /** 65 bytes. */
  readonly publicKey: PublicKey
  readonly change: ContactChange
}

export type ContactChange =
  | {
      readonly kind: 'state'
      readonly before: ContactState
      readonly state: ContactState
      readonly by: 'us' | 'them'
    }
  /** Of somebody we have asked or accepted. Not verified, and it replaces no name that you gave. */
  | {
      readonly kind: 'profile'
      readonly name?: string
      readonly hasPicture: boolean
      readonly warnings?: readonly NameWarning[]
    }
  /** They write in payloads of another generation now, and are written to in them. */
  | { readonly kind: 'generation'; readonly generation: PayloadGeneration }
  /** Something of theirs came that is of no generation that we know. Told once a day. */
  | { readonly kind: 'not-understood' }
