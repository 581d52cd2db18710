/**
 * What the recorded error texts mean in our words. The wording is the reference's affair; where we know it, the class
 * must be the same. The first that fits counts; a text that nobody has listed here asserts nothing.
 */
import { expectThat } from '@status-protocol/testkit'

const CLASSES: readonly (readonly [text: string, reason: string])[] = [
  ['device not found', 'not-addressed'],
  ['not paired device', 'not-paired'],
  ['session not found', 'no-session'],
  ['no key specified', 'no-key'],
  ['no payload', 'no-payload'],
  ['identity key and signature mismatch', 'bad-bundle'],
  ['invalid public key', 'bad-key'],
  ['too many messages', 'too-many-skipped'],
  ['bad until', 'key-gone'],
  ['invalid signature', 'not-authentic'],
  ['message authentication failed', 'not-authentic'],
]

export function expectErrorClass(reason: string, recorded: unknown): void {
  const wanted = CLASSES.find(([text]) => typeof recorded === 'string' && recorded.includes(text))
  if (wanted) expectThat(reason === wanted[1], `error "${recorded}": expected ${wanted[1]}, got ${reason}`)
}
