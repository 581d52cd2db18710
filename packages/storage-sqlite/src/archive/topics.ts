import { type Bloom, bloomMatchesTopic, type Topic, topicNumber } from '@status-protocol/whisper'

/** A topic as SQLite keeps it: 32 bits with a sign take less room than without. */
export function columnOf(topic: Topic): number {
  return topicNumber(topic) | 0
}

/**
 * Every topic of the archive with the last hour in which it was used, as the table `topics` has it: to turn a bloom filter
 * into topics without reading an envelope. BOUNDED by the topics that the archive holds, some 50 bytes each.
 */
export class TopicTable {
  readonly #lastHours = new Map<number, number>()

  set(column: number, hour: number): void {
    this.#lastHours.set(column, hour)
  }

  /** Whether the table has to learn that the topic was used in this hour. */
  isNews(column: number, hour: number): boolean {
    const last = this.#lastHours.get(column)
    return last === undefined || last < hour
  }

  forgetBefore(hour: number): void {
    for (const [column, last] of this.#lastHours) if (last < hour) this.#lastHours.delete(column)
  }

  /** Those that the filter lets through and that were used in this hour or later; undefined: all of them. */
  matching(bloom: Bloom, fromHour: number): readonly number[] | undefined {
    if (bloom.every((byte) => byte === 0xff)) return undefined
    const found: number[] = []
    const topic = new Uint8Array(4)
    const view = new DataView(topic.buffer)
    for (const [column, last] of this.#lastHours) {
      if (last < fromHour) continue
      view.setInt32(0, column)
      if (bloomMatchesTopic(bloom, topic as Topic)) found.push(column)
    }
    return found
  }

  get size(): number {
    return this.#lastHours.size
  }
}
