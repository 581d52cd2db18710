/** What people say of themselves: the own profile, and what is accepted of others'. Nothing of it is verified. */
import { utf8 } from '@status-protocol/bytes'
import type { Change, Storage } from '@status-protocol/ports'
import { hasBidiMarks } from '@status-protocol/trust/look-alike'
import { MessengerError } from '../error.ts'
import { MAX_PICTURE_BYTES, type Picture, pictureFromUrl, pictureOf, pictureToUrl } from '../pictures.ts'
import { decodeRecord, encodeRecord } from '../record.ts'

/** UTF-8 bytes of a name that somebody gives themselves. */
export const MAX_NAME_BYTES = 256

/** What a person says of themselves. */
export interface Profile {
  readonly name?: string
  readonly picture?: Picture
}

/** The own profile as it is stored. */
export interface OwnProfile {
  readonly name?: string
  /** A `data:` URL. */
  readonly picture?: string
  /** By our clock; contacts who were told before are told again. 0: nothing was ever said. */
  readonly changedAtMs: number
}

export interface ProfileChange {
  /** One line of at most {@link MAX_NAME_BYTES} bytes. Absent: none. */
  readonly name?: string
  /** PNG, JPEG, WebP or GIF of at most {@link MAX_PICTURE_BYTES} bytes. Absent: none. */
  readonly picture?: Uint8Array
}

const PROFILE_KEY = utf8('profile')

export async function getProfile(storage: Pick<Storage, 'get'>): Promise<OwnProfile> {
  const value = await storage.get('meta', PROFILE_KEY)
  return value ? decodeRecord(value) : { changedAtMs: 0 }
}

export const putProfile = (profile: OwnProfile): Change => ({
  put: ['meta', PROFILE_KEY, encodeRecord(profile)],
})

/** @throws MessengerError `invalid-profile` */
export function checkedProfile({ name, picture }: ProfileChange): Omit<OwnProfile, 'changedAtMs'> {
  if (name !== undefined && !isFitName(name))
    throw new MessengerError(
      'invalid-profile',
      `a name is one line of at most ${MAX_NAME_BYTES} bytes without control characters`,
    )
  const known = picture && picture.length <= MAX_PICTURE_BYTES ? pictureOf(picture) : undefined
  if (picture && !known)
    throw new MessengerError(
      'invalid-profile',
      `a picture is a PNG, JPEG, WebP or GIF of at most ${MAX_PICTURE_BYTES} bytes, got ${picture.length} bytes`,
    )
  return { ...(name?.trim() && { name: name.trim() }), ...(known && { picture: pictureToUrl(known) }) }
}

function isFitName(name: string): boolean {
  return utf8(name).length <= MAX_NAME_BYTES && !/\p{Cc}/u.test(name) && !hasBidiMarks(name)
}

/** What is kept of what somebody says of themselves: the name as it is, the picture if it is one. Undefined: a name too long. */
export function profileTold(
  name: string,
  picture: string,
): { readonly name?: string; readonly picture?: string } | undefined {
  if (name.length > MAX_NAME_BYTES || utf8(name).length > MAX_NAME_BYTES) return undefined
  return { ...(name && { name }), ...(pictureFromUrl(picture) && { picture }) }
}

/** From what is stored. */
export function profileOf({ name, picture }: { readonly name?: string; readonly picture?: string }): Profile {
  const decoded = picture === undefined ? undefined : pictureFromUrl(picture)
  return { ...(name !== undefined && { name }), ...(decoded && { picture: decoded }) }
}
