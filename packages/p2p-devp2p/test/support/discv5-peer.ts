/** A node of discovery v5.1 that says what it likes: packets come out of it one by one. */
import { toHex } from '@status-protocol/bytes'
import { encodeRlp, encodeRlpListOf } from '@status-protocol/bytes/rlp'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { type NodeRecord, signNodeRecord, type UdpAddress } from '@status-protocol/p2p-devp2p'
import { seededRandom } from '@status-protocol/testkit'
import { Context } from '../../src/discv5/context.ts'
import { type Discv5Message, decodeDiscv5Message, encodeDiscv5Message } from '../../src/discv5/message.ts'
import { createOpening, type Opening } from '../../src/discv5/opening.ts'
import { decodeDiscv5Packet } from '../../src/discv5/packet.ts'
import { nameAt } from '../../src/discv5/sessions.ts'
import type { KademliaOutput } from '../../src/kademlia/core.ts'
import { type TableNode, tableNode } from '../../src/kademlia/node.ts'

/** The only moment there is. */
export const NOW = { monotonicMs: 0, wallMs: 1_577_836_800_000 }

export class RawPeer {
  readonly context: Context
  readonly opening: Opening
  readonly id: Uint8Array
  readonly #other: TableNode

  /** @param other whom it talks to */
  constructor(
    nodeKey: Uint8Array,
    record: NodeRecord,
    other: UdpAddress & { readonly peerId: Uint8Array },
    seed: number = nodeKey[0] as number,
  ) {
    this.context = new Context({ nodeKey, crypto, random: seededRandom(seed), record })
    this.opening = createOpening(this.context)
    this.id = this.context.own.id
    const { peerId, ip, port } = other
    this.#other = tableNode({ peerId, ip, udpPort: port, tcpPort: 0 }, crypto)
  }

  knock(): Uint8Array {
    return this.#bytes(() => this.context.ask(this.#other, { type: 'ping' }, () => {}))
  }

  /** Its answer to a challenge. */
  shakeHands(challenge: Uint8Array): Uint8Array {
    const packet = decodeDiscv5Packet(challenge, this.id, crypto)
    if (packet.type !== 'whoareyou') throw new Error(packet.type)
    return this.#bytes(() => this.opening.takeChallenge(packet, this.#at))
  }

  /** Under the session that there is. */
  seal(plaintext: Uint8Array): Uint8Array {
    return this.context.seal(plaintext, this.#other.address, this.#session).bytes
  }

  message(message: Discv5Message): Uint8Array {
    return this.seal(encodeDiscv5Message(message))
  }

  read(bytes: Uint8Array): Discv5Message {
    const { nonce, sealed, authenticated } = decodeDiscv5Packet(bytes, this.id, crypto)
    const plaintext = crypto.aesGcmOpen(this.#session.receiveKey, nonce, sealed, authenticated)
    if (!plaintext) throw new Error('not sealed for this session')
    return decodeDiscv5Message(plaintext)
  }

  get #at(): UdpAddress {
    return { ip: this.#other.ip, port: this.#other.udpPort }
  }

  get #session() {
    const session = this.context.session(nameAt(toHex(this.#other.address), this.#at))
    if (!session) throw new Error('no session')
    return session
  }

  #bytes(run: () => void): Uint8Array {
    const [packet] = sent(this.context.during(NOW, run))
    if (!packet) throw new Error('nothing was sent')
    return packet.bytes
  }
}

export function sent(outputs: readonly KademliaOutput[]) {
  return outputs.flatMap((output) => (output.type === 'send' ? [output] : []))
}

/** A record with a right signature and a number of 9 bytes, where 8 are the most. */
export function recordWithLongNumber(nodeKey: Uint8Array, { ip, port }: UdpAddress): NodeRecord {
  const record = signNodeRecord({ nodeKey, seq: 1n, addresses: { ip, udpPort: port } })
  const parts = [
    encodeRlp(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0)),
    ...[...record.entries].flatMap(([name, rlp]) => [encodeRlp(new TextEncoder().encode(name)), rlp]),
  ]
  const signature = crypto.sign(crypto.keccak256(encodeRlpListOf(parts)), nodeKey).slice(0, 64)
  return { ...record, bytes: encodeRlpListOf([encodeRlp(signature), ...parts]) }
}
