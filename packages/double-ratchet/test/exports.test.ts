import * as main from '@status-protocol/double-ratchet'
import * as ratchet from '@status-protocol/double-ratchet/ratchet'
import * as testing from '@status-protocol/double-ratchet/testing'
import * as x3dh from '@status-protocol/double-ratchet/x3dh'
import { expect, it } from 'vitest'

it('exports what it says, no more', () => {
  const names = Object.entries({ main, ratchet, x3dh, testing }).map(([entry, module]) => [
    entry,
    Object.keys(module).sort(),
  ])
  expect(Object.fromEntries(names)).toMatchSnapshot()
})
