import { expect, it } from 'vitest'
import * as messenger from '../src/index.ts'

it('exports what the table of contents says', () => {
  expect(Object.keys(messenger).sort()).toEqual([
    'MAX_ATTEMPTS',
    'MAX_BYTES_OF_ONE',
    'MAX_EVENTS',
    'MAX_OUTBOX',
    'MAX_STRANGERS',
    'MAX_STRANGER_BYTES',
    'MAX_TEXT_BYTES',
    'MessengerError',
    'checkedText',
    'createMessenger',
    'oneToOneChat',
    'openContacts',
    'openHistory',
    'parseChat',
  ])
})
