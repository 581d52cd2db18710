import { concat } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { type ConformanceCase, check, checkEqual, checkRejects } from '@status-protocol/ports/testing'
import type { Miner } from '../miner.ts'
import { leadingZeroBits } from '../pow.ts'

/** More than anybody finds. */
const OUT_OF_REACH = 200
const LONG_MS = 60_000

/** What every {@link Miner} does. `open` makes one; `close` gives it back. */
export function minerConformance<M extends Miner>(kind: {
  open(): M
  close?(miner: M): void
}): readonly ConformanceCase[] {
  const withMiner = (name: string, run: (miner: Miner) => Promise<void>): ConformanceCase => ({
    name,
    async run() {
      const miner = kind.open()
      try {
        await run(miner)
      } finally {
        kind.close?.(miner)
      }
    },
  })

  return [
    withMiner('finds a nonce, easy or hard, for prefixes of all lengths', async (miner) => {
      for (const length of [0, 1, 127, 128, 129, 135, 136, 137, 500])
        for (const bits of [0, 1, 7, 13]) await expectFound(miner, prefixOf(length), bits)
    }),
    withMiner('serves several calls at once', async (miner) => {
      const lengths = [3, 14, 159, 265, 358]
      await Promise.all(lengths.map((length) => expectFound(miner, prefixOf(length), 13)))
    }),
    withMiner('serves a short search beside an endless one', async (miner) => {
      const controller = new AbortController()
      const endless = miner.mine(prefixOf(300), OUT_OF_REACH, LONG_MS, controller.signal)
      await expectFound(miner, prefixOf(301), 14)
      controller.abort()
      checkEqual(await endless, undefined, 'aborted search')
    }),
    withMiner('ends when the time is over', async (miner) => {
      for (const limitMs of [0, 30])
        checkEqual(
          await miner.mine(prefixOf(300), OUT_OF_REACH, limitMs, never()),
          undefined,
          `${limitMs} ms`,
        )
    }),
    withMiner('ends when it is told to', async (miner) => {
      checkEqual(await miner.mine(prefixOf(9), 1, LONG_MS, AbortSignal.abort()), undefined, 'before it began')
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 10)
      const aborted = miner.mine(prefixOf(9), OUT_OF_REACH, LONG_MS, controller.signal)
      checkEqual(await aborted, undefined, 'on the way')
    }),
    withMiner('leaves what it was given as it was', async (miner) => {
      const around = prefixOf(700)
      const view = around.subarray(100, 400)
      await expectFound(miner, view, 13)
      checkEqual(around, prefixOf(700), 'prefix')
    }),
    withMiner('refuses zero bits that no hash has', async (miner) => {
      for (const bits of [-1, 0.5, 257, Number.NaN])
        await checkRejects(
          () => miner.mine(prefixOf(9), bits, 10, never()),
          'invalid-argument',
          `${bits} bits`,
        )
    }),
  ]
}

async function expectFound(miner: Miner, prefix: Uint8Array, bits: number): Promise<void> {
  const nonce = await miner.mine(prefix, bits, LONG_MS, never())
  check(nonce !== undefined, `expected a nonce with ${bits} zero bits`)
  const tail = new Uint8Array(8)
  new DataView(tail.buffer).setBigUint64(0, nonce)
  const zeroBits = leadingZeroBits(defaultProvider.keccak256(concat(prefix, tail)))
  check(zeroBits >= bits, `expected ${bits} zero bits, nonce ${nonce} has ${zeroBits}`)
}

function prefixOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff)
}

function never(): AbortSignal {
  return new AbortController().signal
}
