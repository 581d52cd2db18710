/** What several wishes together ask of each topic. Pure. */
import { type Topic, topicFrom, topicNumber } from '@status-protocol/whisper'
import { invalid } from '../error.ts'
import type { HistoryWish } from './events.ts'
import { type Interval, union } from './intervals.ts'

export interface TopicWish {
  readonly topic: Topic
  /** In order, without overlaps. */
  readonly intervals: readonly Interval[]
  /** If one of the wishes says so. */
  readonly oldestFirst: boolean
}

/** Each topic once. @throws MailserverError `invalid-argument` */
export function byTopic(wishes: HistoryWish | readonly HistoryWish[]): readonly TopicWish[] {
  const found = new Map<number, TopicWish>()
  for (const wish of isOne(wishes) ? [wishes] : wishes) {
    const interval = checkedInterval(wish)
    for (const topic of wish.topics) {
      const name = topicNumber(topicFrom(topic))
      const known = found.get(name)
      found.set(name, {
        topic: known?.topic ?? topic,
        intervals: union([...(known?.intervals ?? []), interval]),
        oldestFirst: known?.oldestFirst || wish.oldestFirst === true,
      })
    }
  }
  return [...found.values()]
}

function checkedInterval({ fromUnixSeconds, toUnixSeconds }: HistoryWish): Interval {
  for (const [name, second] of Object.entries({ fromUnixSeconds, toUnixSeconds }))
    if (!Number.isInteger(second) || second < 0 || second > 0xffff_ffff)
      throw invalid(`${name}: expected a second of 32 bits, got ${second}`)
  return [fromUnixSeconds, toUnixSeconds]
}

function isOne(wishes: HistoryWish | readonly HistoryWish[]): wishes is HistoryWish {
  return !Array.isArray(wishes)
}
