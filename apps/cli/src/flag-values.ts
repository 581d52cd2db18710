/** What stands behind a flag, read: numbers, times, lists. Each throws what the person is told. */
import { InvalidArgumentError } from 'commander'
import { secondsOf } from './commands/history.ts'
import { MAX_DECOYS } from './decoys.ts'

export function collect(value: string, all: readonly string[] = []): readonly string[] {
  return [...all, value]
}

export function seconds(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value > 0 && value <= 3600))
    throw new InvalidArgumentError('expected seconds, at most 3600.')
  return value
}

/** Mailservers keep no more. */
const MAX_AGO_SECONDS = 30 * 86_400

export function ago(text: string): number {
  const value = secondsOf(text)
  if (value === undefined || value > MAX_AGO_SECONDS)
    throw new InvalidArgumentError('expected a time like 90m, 12h, 7d or 2w, at most 30d.')
  return value
}

/** The number of an event. */
export function seq(text: string): bigint {
  if (!/^\d{1,19}$/.test(text)) throw new InvalidArgumentError('expected the number of an event, 0 or more.')
  return BigInt(text)
}

export function decoys(text: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
  if (!(value <= MAX_DECOYS)) throw new InvalidArgumentError(`expected 0 to ${MAX_DECOYS}.`)
  return value
}

export function positive(text: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value < 1) throw new InvalidArgumentError('expected a whole number, 1 or more.')
  return value
}

/** As many as one page can hold. */
const MAX_PAGE = 1_000

/** How many messages. */
export function page(text: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > MAX_PAGE) throw new InvalidArgumentError(`expected 1 to ${MAX_PAGE}.`)
  return value
}
