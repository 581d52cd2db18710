import { defaultProvider } from '@status-protocol/crypto'
import { nodeProvider } from '@status-protocol/crypto/node'
import { cryptoConformance } from '@status-protocol/crypto/testing'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { providers } from './providers.ts'

it('the default on Node is the Node provider', () => {
  expect(defaultProvider).toBe(nodeProvider)
  expect(providers.map(({ name }) => name)).toEqual([
    'noble',
    'noble+wasm',
    'node',
    expect.stringMatching(/^node(\+native)?$/),
  ])
})

describe.each(providers)('conformance of $name', (provider) => {
  for (const { name, run } of cryptoConformance(provider, { random: seededRandom(6), rounds: 20 }))
    it(name, run)
})
