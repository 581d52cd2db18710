import { expect, it } from 'vitest'
import * as messenger from '../src/index.ts'

it('exports what the table of contents says', () => {
  expect(Object.keys(messenger).sort()).toEqual([
    'ASK_AGAIN_AFTER_MS',
    'CONTACT_EDGES',
    'CONTACT_UPDATE_EVERY_MS',
    'MAX_ASKED_AGAIN',
    'MAX_ATTEMPTS',
    'MAX_BYTES_OF_ONE',
    'MAX_EVENTS',
    'MAX_GROUP_MEMBERS',
    'MAX_GROUP_NAME_BYTES',
    'MAX_GROUP_UPDATE_BYTES',
    'MAX_HELD',
    'MAX_HELD_OF_ONE',
    'MAX_IMAGE_BYTES',
    'MAX_INVITATIONS',
    'MAX_INVITATION_BYTES',
    'MAX_NAME_BYTES',
    'MAX_OUTBOX',
    'MAX_PICTURE_BYTES',
    'MAX_PUBLIC_PER_MINUTE',
    'MAX_STRANGERS',
    'MAX_STRANGER_BYTES',
    'MAX_STRANGE_GROUPS',
    'MAX_TEXT_BYTES',
    'MessengerError',
    'checkedText',
    'createMessenger',
    'messageTexts',
    'oneToOneChat',
    'openContacts',
    'openHistory',
    'parseChat',
  ])
})
