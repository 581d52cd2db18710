/**
 * What the tests of this repository share. Private: never imported from a package's `src`.
 */
export { type VirtualClock, virtualClock } from './clock.ts'
export { expectHex, expectSame, expectThat, hex } from './expect.ts'
export { fuzz, mutate } from './mutate.ts'
export {
  type Conditions,
  type LossyNetwork,
  type LossyPipe,
  lossyNetwork,
  lossyPipe,
  type NetworkOptions,
  type PipeOptions,
  type PipeStats,
} from './network.ts'
export { type SeededRandom, seededRandom } from './random.ts'
export {
  caseTitle,
  type Flip,
  flips,
  kindFor,
  runVectorSuite,
  unnoticedFlips,
  type VectorCase,
  type VectorFile,
  type VectorKind,
  type VectorResult,
  type VectorSuite,
} from './vectors.ts'
