import * as payload from '@status-protocol/payload'
import * as v0 from '@status-protocol/payload/v0'
import { expect, it } from 'vitest'

it('exports what it says, no more', () => {
  expect({ payload: Object.keys(payload).sort(), v0: Object.keys(v0).sort() }).toMatchSnapshot()
})
