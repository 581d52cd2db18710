import type { PublicKey } from '@status-protocol/bytes'
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
