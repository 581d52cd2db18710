import { to0xHex } from '@status-protocol/bytes'
import type { Contact, ContactEvent, Person, Profile } from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'
import type { z } from 'zod'
import type { CONTACT, PERSON, PROFILE } from './notifications.ts'

/** A contact as JSON has it, the same for `serve` and `contacts --json`. */
export function contactView(contact: Contact): z.input<typeof CONTACT> {
  const { usesRatchet, security } = contact
  return {
    ...personView(contact),
    usesRatchet,
    ...(security === undefined ? {} : { security }),
  }
}

export function personView({
  publicKey,
  state,
  name,
  profile,
  warnings,
  generation,
}: Person): z.input<typeof PERSON> {
  return {
    publicKey: to0xHex(publicKey),
    threeWordName: threeWordName(publicKey),
    state,
    ...(name === undefined ? {} : { name }),
    ...(profile ? { profile: profileView(profile) } : {}),
    ...(generation ? { generation } : {}),
    ...(warnings ? { warnings: [...warnings] } : {}),
  }
}

/** Of the picture only what it is; `contact.picture` has it. */
export function profileView({ name, picture }: Profile): z.input<typeof PROFILE> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(picture ? { picture: { type: picture.type, bytes: picture.bytes.length } } : {}),
  }
}

/** `state` with where it came from, `profile` with what is new. */
export function contactChangeView({ publicKey, change }: ContactEvent): object {
  return { publicKey: to0xHex(publicKey), threeWordName: threeWordName(publicKey), ...change }
}
