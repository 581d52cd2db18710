import { toHex } from '@status-protocol/bytes'
import { expectHex, expectSame, hex, type VectorSuite } from '@status-protocol/testkit'
import { checkRequest } from '../../src/check-request.ts'
import { MailserverError } from '../../src/error.ts'
import { decodeMailRequest, encodeMailRequest } from '../../src/index.ts'
import { fieldsOf, NOW, paging, pagingStore, pick, requestOf } from './mailserver-requests.ts'

const FIELDS = ['lower', 'upper', 'bloom', 'limit', 'cursor', 'batch']

export const suite: VectorSuite = {
  file: 'mailserver-requests-v055.json',
  kinds: {
    request_payload: {
      expected: [...FIELDS, 'topics', 'rlp', 'verdict', 'error'],
      check(c) {
        const request = decodeMailRequest(hex(c.rlp), 'v055')
        expectSame(fieldsOf(request), pick(c, FIELDS), 'fields')
        expectSame(
          request.topics.map((topic) => toHex(topic)),
          c.topics,
          'topics',
        )
        expectHex(encodeMailRequest(requestOf(c), 'v055'), c.rlp, 'rlp')
        const query = checkRequest(request, 'v055', NOW)
        expectSame(typeof query === 'string' ? 'rejected' : 'accepted', c.verdict, 'verdict')
        expectSame(
          typeof query === 'string' ? query.replace('request is invalid: ', '') : null,
          c.error,
          'error',
        )
      },
    },
    request_decode: {
      expected: ['verdict', 'error'],
      notExpected: { error: 'words for people' },
      check(c) {
        let verdict = 'ok'
        try {
          decodeMailRequest(hex(c.rlp), 'v055')
        } catch (error) {
          if (!(error instanceof MailserverError)) throw error
          verdict = 'error'
        }
        expectSame(verdict, c.verdict, 'verdict')
      },
    },
    paging_store: pagingStore(),
    paging: paging('v055'),
  },
}
