/** Two people, a wallet, and what a command looks like on either side. */
import { concat, type PublicKey, utf8 } from '@status-protocol/bytes'
import type { Command, CommandEvent, MessageIdText } from '@status-protocol/messenger'
import { addressOf } from '@status-protocol/trust'
import { type Person, quickCrypto, World } from '../support/world.ts'

export const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed' // of EIP-55
export const TOKEN = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359'
export const HASH: string = `0x${'ab'.repeat(32)}`
export const HALF_ETHER = '500000000000000000'
export const UNKNOWN_ID: string = `0x${'11'.repeat(32)}`

/** An account that signs as wallets do. */
export const wallet = {
  privateKey: new Uint8Array(32).fill(7),
  get address(): string {
    return addressOf(quickCrypto.publicKey(this.privateKey) as PublicKey)
  },
  /** `personal_sign`. */
  sign(data: Uint8Array): Uint8Array {
    const hash = quickCrypto.keccak256(concat(utf8(`\x19Ethereum Signed Message:\n${data.length}`), data))
    const signature = quickCrypto.sign(hash, this.privateKey)
    signature[64] = (signature[64] as number) + 27
    return signature
  },
}

export interface Pair {
  readonly world: World
  readonly alice: Person
  readonly bob: Person
}

export async function two(seed: number): Promise<Pair> {
  const world = new World(seed)
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  world.join(alice, bob)
  await world.run(200)
  return { world, alice, bob }
}

export async function commandAt({ messenger }: Person, id: MessageIdText): Promise<Command | undefined> {
  const content = (await messenger.message(id))?.content
  return content?.kind === 'command' ? content : undefined
}
export const stateAt = async (person: Person, id: MessageIdText) => (await commandAt(person, id))?.state
export const statusAt = async (person: Person, id: MessageIdText) => (await stateAt(person, id))?.status

/** Until a person sees a command so. */
export const untilStatus = (world: World, person: Person, id: MessageIdText, status: string): Promise<void> =>
  world.until(async () => (await statusAt(person, id)) === status, `${person.name} sees ${status}`)

export const commandEvents = ({ events }: Person): readonly CommandEvent[] =>
  events.flatMap((event) => (event.type === 'command' ? [event] : []))

export const sent = (person: Person, transactionHash: string = HASH) => ({
  transactionHash,
  signature: wallet.sign(person.messenger.commands.bytesToSign(transactionHash)),
})

export const textsOf = async ({ messenger }: Person, chat: string): Promise<string[]> =>
  (await messenger.messages(chat)).map(({ text }) => text)
