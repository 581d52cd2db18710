import { expectHex, expectSame, hex, type VectorSuite } from '@status-protocol/testkit'
import { decodeRateLimits, encodeRateLimits, envelopeErrorCodes } from '../../src/index.ts'
import { kindOfPacket, limitsFrom, limitsOf, received, status } from './whisper-wire.ts'

export const suite: VectorSuite = {
  file: 'whisper-wire-v055.json',
  kindOf: kindOfPacket,
  kinds: {
    'sent 0': status,
    'packet 20': {
      expected: ['ip_limit', 'peer_id_limit', 'topic_limit', 'rlp'],
      check(c) {
        const { ip_limit, peer_id_limit, topic_limit } = c
        expectSame(limitsOf(decodeRateLimits(hex(c.rlp))), { ip_limit, peer_id_limit, topic_limit }, 'limits')
        expectHex(encodeRateLimits(limitsFrom(c)), c.rlp, 'rlp')
      },
    },
    constant: {
      expected: ['envelope_time_not_synced', 'envelope_other_error'],
      check(c) {
        expectSame(envelopeErrorCodes.v055.timeNotSynced, c.envelope_time_not_synced, 'time not synced')
        expectSame(envelopeErrorCodes.v055.other, c.envelope_other_error, 'other error')
      },
    },
    received,
  },
}
