import type { Stage } from './stage.ts'

/** What is done for one input: it stages changes, and says what is to be done once they are committed. */
export type Input<T> = (stage: Stage, afterwards: (act: () => void) => void) => Promise<T>

/** Runs and commits an input that nobody outside waits for, again where the store fails for a moment. */
export type Insist = <T>(run: Input<T>) => Promise<T>
