import { fromUtf8, utf8 } from '@status-protocol/bytes'
import {
  decodeMessageV0,
  encodeMessageV0,
  isTransitTagged,
  readTransit,
  type TransitValue,
  writeTransit,
} from '@status-protocol/payload/v0'
import { expectSame, type VectorSuite } from '@status-protocol/testkit'
import { expectGoReading, expectOneDocument, expectSameDocument } from '../support/transit-shown.ts'

/** What we make of the documents of each tag. */
const TYPE_OF_TAG: Readonly<Record<string, string>> = {
  c2: 'contact-request',
  c3: 'contact-request-confirmed',
  c4: 'chat',
  c6: 'contact-update',
  p1: 'sync-installation',
  p2: 'pair-installation',
  g5: 'membership-update',
}

export const suite: VectorSuite = {
  file: 'payload-v0-transit-client.json',
  kinds: {
    client_payload: {
      expected: ['transit', 'go_decoder'],
      notExpected: { 'go_decoder.error': 'wording of the Go reader; which element is wrong is compared' },
      check(c) {
        const bytes = utf8(c.transit)
        expectOneDocument(c.transit, 'transit')
        expectGoReading(bytes, c.go_decoder, 'go_decoder')
        const value = readTransit(bytes)
        expectSame(fromUtf8(writeTransit(value)), c.transit, 'transit, written again')
        // We read what the client writes also where the Go reader could not, and lose nothing of it.
        const message = decodeMessageV0(bytes)
        expectSame(message.type, (isTransitTagged(value) && TYPE_OF_TAG[value.tag]) || 'unknown', 'type')
        if (message.type !== 'membership-update')
          expectSameDocument(encodeMessageV0(message), writeTransit(emptyForNull(value)))
      },
    },
  },
}

/** Elements that must be text and were null come back empty. */
function emptyForNull(value: TransitValue): TransitValue {
  if (!isTransitTagged(value) || !Array.isArray(value.value)) return value
  const isText = value.tag === 'p2' || value.tag.startsWith('c')
  const elements = value.value.map((e, i) => (e === null && isText && i < 4 ? '' : e))
  return { ...value, value: elements }
}
