/** Which places of the pool one peer knows the envelopes of: one bit each. */
const FIRST_WORDS = 32

export class Marks {
  /** BOUNDED by the pool's most places / 8 bytes. */
  #words: Uint32Array = new Uint32Array(FIRST_WORDS)

  has(place: number): boolean {
    return (((this.#words[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1
  }

  add(place: number): void {
    const word = place >>> 5
    if (word >= this.#words.length) this.#grow(word + 1)
    this.#words[word] = (this.#words[word] as number) | (1 << (place & 31))
  }

  delete(place: number): void {
    const word = place >>> 5
    if (word < this.#words.length) this.#words[word] = (this.#words[word] as number) & ~(1 << (place & 31))
  }

  #grow(words: number): void {
    const grown = new Uint32Array(Math.max(words, 2 * this.#words.length))
    grown.set(this.#words)
    this.#words = grown
  }
}
