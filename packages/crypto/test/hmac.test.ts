import { createHmac } from 'node:crypto'
import { toHex } from '@status-protocol/bytes'
import { seededRandom } from '@status-protocol/testkit'
import { expect, it } from 'vitest'
import { hmacSha256 } from '../src/node/hmac.ts'

it('HMAC-SHA256 of two hashes is that of OpenSSL, at all lengths of key and data', () => {
  const random = seededRandom(3)
  const lengths = [0, 1, 31, 32, 33, 63, 64, 65, 127, 128, 1_023, 1_024, 1_025, 5_000]
  for (const keyLength of lengths)
    for (const length of lengths) {
      const [key, data] = [random.bytes(keyLength), random.bytes(length)]
      const [keyBefore, dataBefore] = [toHex(key), toHex(data)]
      const mac = hmacSha256(key, data)
      expect(toHex(mac)).toBe(createHmac('sha256', key).update(data).digest('hex'))
      hmacSha256(random.bytes(32), random.bytes(100))
      expect([toHex(key), toHex(data)]).toEqual([keyBefore, dataBefore])
      expect(toHex(mac)).toBe(createHmac('sha256', key).update(data).digest('hex')) // nobody else’s memory
      expect(mac.constructor).toBe(Uint8Array)
    }
})
