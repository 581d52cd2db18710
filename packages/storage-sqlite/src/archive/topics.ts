import { type Bloom, bloomOf, type Topic, topicNumber } from '@status-protocol/whisper'

/** A topic as SQLite keeps it: 32 bits with a sign take less room than without. */
export function columnOf(topic: Topic): number {
  return topicNumber(topic) | 0
}

const FIRST_ROOM = 1024

/**
 * Every topic of the archive with the last hour in which it was used, as the table `topics` has it: to turn a bloom filter
 * into topics without reading an envelope. A million are compared in some ten milliseconds. BOUNDED by the topics that the
 * archive holds, some 60 bytes each.
 */
export class TopicTable {
  readonly #places = new Map<number, number>()
  #columns = new Int32Array(FIRST_ROOM)
  #lastHours = new Int32Array(FIRST_ROOM)
  /** Indexes of the bits of each topic's filter; the last one repeated where there are fewer than three. */
  #bits = new Uint16Array(3 * FIRST_ROOM)
  #size = 0

  get size(): number {
    return this.#size
  }

  set(column: number, hour: number): void {
    const known = this.#places.get(column)
    if (known !== undefined) {
      this.#lastHours[known] = Math.max(this.#lastHours[known] as number, hour)
      return
    }
    if (this.#size === this.#columns.length) this.#grow()
    const place = this.#size++
    this.#places.set(column, place)
    this.#columns[place] = column
    this.#lastHours[place] = hour
    this.#bits.set(bitsOf(column), 3 * place)
  }

  /** Whether the table has to learn that the topic was used in this hour. */
  isNews(column: number, hour: number): boolean {
    const place = this.#places.get(column)
    return place === undefined || (this.#lastHours[place] as number) < hour
  }

  forgetBefore(hour: number): void {
    const kept: (readonly [number, number])[] = []
    for (let i = 0; i < this.#size; i++)
      if ((this.#lastHours[i] as number) >= hour)
        kept.push([this.#columns[i] as number, this.#lastHours[i] as number])
    this.#places.clear()
    this.#size = 0
    for (const [column, last] of kept) this.set(column, last)
  }

  /** Those that the filter lets through and that were used in this hour or later; undefined: more than `most`. */
  matching(bloom: Bloom, fromHour: number, most: number): readonly number[] | undefined {
    const found: number[] = []
    const bits = this.#bits
    const isSet = (bit: number) => (((bloom[bit >> 3] as number) >> (bit & 7)) & 1) === 1
    for (let i = 0; i < this.#size; i++) {
      if ((this.#lastHours[i] as number) < fromHour) continue
      if (!isSet(bits[3 * i] as number)) continue
      if (!isSet(bits[3 * i + 1] as number) || !isSet(bits[3 * i + 2] as number)) continue
      if (found.length === most) return undefined
      found.push(this.#columns[i] as number)
    }
    return found
  }

  #grow(): void {
    const room = 2 * this.#columns.length
    this.#columns = enlarged(this.#columns, new Int32Array(room))
    this.#lastHours = enlarged(this.#lastHours, new Int32Array(room))
    this.#bits = enlarged(this.#bits, new Uint16Array(3 * room))
  }
}

function enlarged<T extends Int32Array | Uint16Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}

export function topicOfColumn(column: number): Topic {
  const topic = new Uint8Array(4)
  new DataView(topic.buffer).setInt32(0, column)
  return topic as Topic
}

function bitsOf(column: number): readonly [number, number, number] {
  const bits: number[] = []
  for (const [at, byte] of bloomOf(topicOfColumn(column)).entries())
    for (let i = 0; byte >> i > 0; i++) if ((byte >> i) & 1) bits.push(8 * at + i)
  const last = bits.at(-1) as number
  return [bits[0] ?? last, bits[1] ?? last, last]
}
