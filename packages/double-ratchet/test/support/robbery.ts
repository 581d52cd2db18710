/**
 * Stores are copied at any moment, and everything that was on the wire is tried with them. What opens is what has to: what was
 * still to be read or written with the keys of then, or the beginning of a session on a pre key that was there. Nothing of
 * before, nothing after a full round trip.
 */
import type { Party } from './party.ts'
import { Thief } from './thief.ts'
import { Wiretap } from './wiretap.ts'

export class Robbery {
  readonly wiretap: Wiretap = new Wiretap()
  readonly #thief = new Thief()

  async steal(from: Party): Promise<void> {
    this.wiretap.steal(from)
    await this.#thief.steal(from)
  }

  /** How many messages a thief opened, and how many came after a full round trip with somebody who was robbed. */
  expectSecrecy(): { readonly exposed: number; readonly healed: number } {
    const opened = this.#thief.open(this.wiretap.messages)
    let healed = 0
    for (const message of this.wiretap.messages) {
      const [isOpened, isHealed] = [opened.has(message), this.wiretap.isHealed(message)]
      if (isHealed) healed++
      const may = this.wiretap.mayOpen(message, this.#thief.hasPreKey(message.session))
      const { from, to, n } = message
      const what = `number ${n} of ${from.self.installationId} to ${to.self.installationId}`
      if (isOpened && (isHealed || !may)) throw new Error(`a thief opens ${what}`)
      if (may && !isOpened) throw new Error(`what was taken should open ${what}`)
    }
    return { exposed: opened.size, healed }
  }
}
