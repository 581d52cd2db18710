/** The pure parts of transaction commands. */
import { readFileSync } from 'node:fs'
import type { PublicKey } from '@status-protocol/bytes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountText, isAmount } from '../../src/commands/amounts.ts'
import { COMMAND_TYPES, type Command, readCommand } from '../../src/commands/command.ts'
import { bytesToSign, signerOf } from '../../src/commands/signature.ts'
import { answered, begun, type CommandState } from '../../src/commands/states.ts'
import { quickCrypto as crypto } from '../support/world.ts'
import { ADDRESS, HASH, TOKEN, wallet } from './support.ts'

const author = crypto.publicKey(new Uint8Array(32).fill(9)) as PublicKey

describe('amounts', () => {
  it('are whole numbers that a transaction can have', () => {
    expect(['0', '1', '007', (2n ** 256n - 1n).toString()].map(isAmount)).toEqual([true, true, true, true])
    expect(['', '-1', '0.5', '1e3', '0x1', (2n ** 256n).toString()].map(isAmount)).not.toContain(true)
  })

  it('are shown in ether to the last wei, those of tokens as they are', () => {
    expect(amountText('0', undefined)).toBe('0 ETH')
    expect(amountText('1', undefined)).toBe('0.000000000000000001 ETH')
    expect(amountText('1500000000000000000', undefined)).toBe('1.5 ETH')
    expect(amountText('0012', TOKEN)).toBe(`12 of the smallest unit of the token ${TOKEN}`)
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (wei) => {
        const [whole = '', rest = ''] = amountText(wei.toString(), undefined).replace(' ETH', '').split('.')
        expect(BigInt(whole) * 10n ** 18n + BigInt(rest.padEnd(18, '0'))).toBe(wei)
      }),
    )
  })
})

describe('the signature of a transaction', () => {
  const signature = wallet.sign(bytesToSign(author, HASH))
  it('names the account that made it', () => {
    expect(bytesToSign(author, HASH)).toHaveLength(97)
    expect(signerOf({ author, transactionHash: HASH, signature }, crypto)).toBe(wallet.address)
  })

  it('fits its author and its transaction alone', () => {
    const eve = crypto.publicKey(new Uint8Array(32).fill(8)) as PublicKey
    expect(signerOf({ author: eve, transactionHash: HASH, signature }, crypto)).not.toBe(wallet.address)
    const transactionHash = `0x${'ac'.repeat(32)}`
    expect(signerOf({ author, transactionHash, signature }, crypto)).not.toBe(wallet.address)
  })

  it('is none of another size or another v', () => {
    for (const v of [0, 1, 26, 29, 255]) {
      const other = Uint8Array.from([...signature.slice(0, 64), v])
      expect(signerOf({ author, transactionHash: HASH, signature: other }, crypto), `${v}`).toBeUndefined()
    }
    for (const bytes of [
      new Uint8Array(0),
      signature.slice(1),
      new Uint8Array(66),
      new Uint8Array(65).fill(27),
    ])
      expect(
        signerOf({ author, transactionHash: HASH, signature: bytes.slice() }, crypto) ?? 'none',
      ).not.toBe(wallet.address)
  })
})

describe('the states of a command', () => {
  const command = (type: Command['command'], more: Partial<Command> = {}): Command => ({
    ...{ kind: 'command', command: type, ...more },
  })
  const STATES: readonly CommandState[] = [
    { status: 'address-requested' },
    { status: 'address-given', address: ADDRESS },
    { status: 'address-declined' },
    { status: 'transaction-requested' },
    { status: 'transaction-declined' },
    { status: 'announced', transactionHash: HASH },
  ]

  it('begin by what is said, and only requests and announcements that answer nothing have one', () => {
    const beginnings = COMMAND_TYPES.map((type) => [type, begun(command(type)).state?.status])
    expect(Object.fromEntries(beginnings)).toEqual({
      'request-address-for-transaction': 'address-requested',
      'request-transaction': 'transaction-requested',
      'send-transaction': 'announced',
      ...Object.fromEntries(
        COMMAND_TYPES.filter((t) => /^(accept|decline)/.test(t)).map((t) => [t, undefined]),
      ),
    })
    expect(begun(command('send-transaction', { request: HASH as never })).state).toBeUndefined()
  })

  it('change along five edges and no other', () => {
    const edges: string[] = []
    for (const began of COMMAND_TYPES)
      for (const state of STATES)
        for (const answer of COMMAND_TYPES)
          for (const side of ['beginner', 'other'] as const) {
            const next = answered(command(began, { state }), command(answer), side)
            if (next.ok) edges.push(`${began}: ${state.status} -> ${next.state.status} by the ${side}`)
          }
    expect(
      edges.filter((edge) => !/^request-transaction: address|^request-address.*: transaction/.test(edge)),
    ).toEqual([
      'request-address-for-transaction: address-requested -> address-given by the other',
      'request-address-for-transaction: address-requested -> address-declined by the other',
      'request-address-for-transaction: address-given -> announced by the beginner',
      'request-transaction: transaction-requested -> announced by the other',
      'request-transaction: transaction-requested -> transaction-declined by the other',
    ])
    expect(edges).toHaveLength(5)
    const page = readFileSync(new URL('../../../../docs/commands.md', import.meta.url), 'utf8')
    const picture = /^```mermaid\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? ''
    const drawn = [...picture.matchAll(/^ {2}(\w+) --> (\w+): \S+ by the (\w+)$/gm)]
    const story = drawn.map(([, from, to, side]) => `${from} -> ${to} by the ${side}`.replaceAll('_', '-'))
    expect(story.sort()).toEqual(edges.map((edge) => edge.replace(/^.*: /, '')).sort())
  })
})

describe('fuzz: a command of anything', () => {
  it('is read or not, with fields of bounded size', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.constantFrom(ADDRESS, HASH, '', '1', TOKEN.toLowerCase()),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...COMMAND_TYPES),
        fc.record({ value: text, contract: text, address: text, id: text, transactionHash: text }),
        fc.uint8Array({ maxLength: 70 }),
        (type, fields, signature) => {
          const read = readCommand({ type, clock: 1n, ...fields, signature } as never, { author, crypto })
          if (!read) return
          expect(JSON.stringify(read).length).toBeLessThan(1_200)
          if (read.address) expect(read.address).toMatch(/^0x[0-9a-fA-F]{40}$/)
          if (read.transactionHash) expect(read.transactionHash).toMatch(/^0x[0-9a-f]{64}$/)
        },
      ),
      { numRuns: Math.min(Number(process.env.FUZZ_COUNT ?? 2_000), 1_000_000), seed: 7 },
    )
  })
})
