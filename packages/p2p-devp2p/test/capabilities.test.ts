import { P2pError } from '@status-protocol/p2p-devp2p'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Capability, capabilityOf, checkCapabilities, matchCapabilities } from '../src/capabilities.ts'

const cap = (name: string, version: number, length = 16): Capability => ({ name, version, length })

describe('capability messaging', () => {
  it('takes the highest version that both have, sorted by name, codes from 16 on', () => {
    const ours = [
      cap('shh', 6, 128),
      cap('les', 2, 20),
      cap('eth', 63, 17),
      cap('eth', 62, 8),
      cap('abc', 1, 3),
    ]
    const theirs = [
      cap('shh', 6),
      cap('eth', 62),
      cap('eth', 64),
      cap('eth', 63),
      cap('les', 3),
      cap('abc', 1),
    ]
    expect(matchCapabilities(ours, theirs)).toEqual([
      { name: 'abc', version: 1, length: 3, offset: 16 },
      { name: 'eth', version: 63, length: 17, offset: 19 },
      { name: 'shh', version: 6, length: 128, offset: 36 },
    ])
  })

  it('is not confused by repeats, other names and other orders', () => {
    const ours = [cap('shh', 6, 128)]
    expect(matchCapabilities(ours, [cap('SHH', 6), cap('shh', 5), cap('shhh', 6)])).toEqual([])
    expect(matchCapabilities(ours, [cap('shh', 6), cap('shh', 6)])).toHaveLength(1)
    expect(matchCapabilities(ours, [])).toEqual([])
  })

  it('comes to the same on both sides', () => {
    const list = fc.uniqueArray(
      fc.record({ name: fc.constantFrom('eth', 'les', 'shh', 'bzz', 'a', 'Z'), version: fc.nat(5) }),
      { selector: ({ name, version }) => `${name}/${version}`, maxLength: 12 },
    )
    // both sides must have the same lengths for the same capability
    const sized = ({ name, version }: { name: string; version: number }) =>
      cap(name, version, 1 + name.length * 7 + version)
    fc.assert(
      fc.property(list, list, (a, b) => {
        const [oursA, oursB] = [a.map(sized), b.map(sized)]
        expect(matchCapabilities(oursA, b)).toEqual(matchCapabilities(oursB, a))
      }),
    )
  })

  it('finds the owner of every wire code, and of no other', () => {
    const shared = matchCapabilities(
      [cap('shh', 6, 128), cap('eth', 63, 17)],
      [cap('shh', 6), cap('eth', 63)],
    )
    const owners = Array.from({ length: 200 }, (_, code) => capabilityOf(shared, code)?.name)
    expect(owners.slice(0, 16).every((owner) => owner === undefined)).toBe(true)
    expect(owners.slice(16, 33).every((owner) => owner === 'eth')).toBe(true)
    expect(owners.slice(33, 161).every((owner) => owner === 'shh')).toBe(true)
    expect(owners.slice(161).every((owner) => owner === undefined)).toBe(true)
  })

  it('are offered sorted by name and version', () => {
    const offered = checkCapabilities([cap('shh', 6), cap('eth', 63), cap('eth', 9)])
    expect(offered.map(({ name, version }) => `${name}/${version}`)).toEqual(['eth/9', 'eth/63', 'shh/6'])
  })

  it.each([
    ['none', []],
    ['33 of them', Array.from({ length: 33 }, (_, i) => cap('shh', i))],
    ['an empty name', [cap('', 1)]],
    ['a name with a space', [cap('s h', 1)]],
    ['a name beyond ASCII', [cap('schön', 1)]],
    ['a name of 33 characters', [cap('x'.repeat(33), 1)]],
    ['a negative version', [cap('shh', -1)]],
    ['half a version', [cap('shh', 0.5)]],
    ['no codes', [cap('shh', 6, 0)]],
    ['too many codes', [cap('shh', 6, 65_537)]],
    ['the same twice', [cap('shh', 6), cap('shh', 6, 3)]],
  ])('are refused: %s', (_what, capabilities) => {
    expect(() => checkCapabilities(capabilities)).toThrow(P2pError)
    expect(() => checkCapabilities(capabilities)).toThrow(/^capabilities: /)
  })
})
