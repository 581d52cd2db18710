/** Short words for tests of conversations. */
import { utf8 } from '@status-protocol/bytes'
import {
  answerRefusal,
  confirmMessage,
  type DecryptOutputs,
  decodeProtocolMessage,
  decryptMessage,
  encryptMessage,
  type ProtocolMessage,
  publicMessage,
  type Sealed,
  setInstallationEnabled,
} from '@status-protocol/double-ratchet'
import { type SeededRandom, seededRandom } from '@status-protocol/testkit'
import { type Party, party } from './party.ts'

export const DAY_MS: number = 24 * 60 * 60 * 1000

/** A world with one clock and one source of randomness. */
export class World {
  nowMs = 1_577_836_800_000
  readonly random: SeededRandom
  #identities = 0

  constructor(seed = 1) {
    this.random = seededRandom(seed)
  }

  identity(): Uint8Array {
    return this.random.bytes(32).with(0, 1 + (this.#identities++ % 250))
  }

  party(installationId: string, identity: Uint8Array = this.identity()): Party {
    return party(identity, installationId)
  }

  get context() {
    return { nowMs: this.nowMs++, random: this.random }
  }

  async send(from: Party, to: Party, text: string, mode?: 'dh'): Promise<Sealed> {
    const input = { plaintext: utf8(text), ...(mode ? { mode } : {}) }
    const [sealed] = await from.run(to.self.publicKey, this.context, (c, context) =>
      encryptMessage(c, input, context),
    )
    return sealed
  }

  async contactCode(from: Party): Promise<Uint8Array> {
    const [sealed] = await from.run(from.self.publicKey, this.context, (c, context) =>
      publicMessage(c, {}, context),
    )
    return sealed.bytes
  }

  async read(to: Party, from: Party, bytes: Uint8Array): Promise<DecryptOutputs> {
    return to.run(from.self.publicKey, this.context, (c, context) =>
      decryptMessage(c, { message: bytes }, context),
    )
  }

  /** The text, or why there is none. */
  async readText(to: Party, from: Party, bytes: Uint8Array): Promise<string> {
    const [output] = await this.read(to, from, bytes)
    return output.type === 'opened' ? new TextDecoder().decode(output.plaintext) : `(${output.reason})`
  }

  /** What `to` answers to what it could not read from `from`: nothing, or the bytes. */
  async answer(to: Party, from: Party, output: DecryptOutputs[0]): Promise<Uint8Array | undefined> {
    if (output.type === 'opened') return undefined
    const [sealed] = await to.run(from.self.publicKey, this.context, (c, context) =>
      answerRefusal(c, { refused: output }, context),
    )
    return sealed?.bytes
  }

  async confirm(to: Party, from: Party, output: DecryptOutputs[0]): Promise<void> {
    const messageKey = output.type === 'opened' ? output.messageKey : undefined
    if (messageKey) await to.run(from.self.publicKey, this.context, (c) => confirmMessage(c, { messageKey }))
  }

  /** Each learns the other's bundle from a contact code. */
  async introduce(...parties: readonly Party[]): Promise<void> {
    for (const from of parties) {
      const code = await this.contactCode(from)
      for (const to of parties) if (to !== from) await this.read(to, from, code)
    }
  }

  /** Makes devices of one identity know each other and list each other in their bundles. */
  async pairUp(...devices: readonly Party[]): Promise<void> {
    await this.introduce(...devices)
    for (const device of devices)
      for (const other of devices)
        if (other !== device)
          await device.run(device.self.publicKey, this.context, (c) =>
            setInstallationEnabled(c, { installationId: other.self.installationId, enabled: true }),
          )
  }
}

/** Who is addressed how. */
export function headers(bytes: Uint8Array): Record<string, string> {
  const message: ProtocolMessage = decodeProtocolMessage(bytes)
  return Object.fromEntries(
    message.directMessages.map((direct) => [
      direct.installationId,
      [direct.x3dhHeader && 'x3dh', direct.ratchetHeader && 'ratchet', direct.dhHeader && 'dh']
        .filter(Boolean)
        .join('+'),
    ]),
  )
}
