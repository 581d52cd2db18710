/** Run in Chromium beside the golden files: delivery under loss, hostile payloads. */
import { decodePayload, encodePayload, MvdsError, type WireForm } from '@status-protocol/mvds'
import { expectSame, fuzz, seededRandom } from '@status-protocol/testkit'
import { brokenInvariants, peer, recordsIn } from './harness.ts'
import { createLossyNetwork, type Node } from './lossy.ts'

const COUNT = 30
const bodies = Array.from({ length: COUNT }, (_, n) => `message ${String(n).padStart(2, '0')}`)

const lossy = {
  name: 'two peers get everything once under 40 % loss',
  async run() {
    const network = createLossyNetwork(seededRandom(1), { loss: 0.4, repeat: 0.1, longestDelayMs: 2_000 })
    const [a, b] = [network.addNode(peer(1)), network.addNode(peer(2))]
    const groupId = await a.sync.join(b.self)
    for (const body of bodies) await a.sync.append(groupId, new TextEncoder().encode(body))
    await network.pass(2 * 3_600_000)
    expectSame(delivered(b).sort(), bodies, 'delivered')
    expectSame(a.events.filter(({ type }) => type === 'acked').length, COUNT, 'acked')
    expectSame(await recordsIn(a.storage), [], 'records that wait')
    expectSame(await brokenInvariants(a.storage), [], 'tables')
  },
}

function delivered(node: Node): string[] {
  return node.events.flatMap((event) =>
    event.type === 'delivered' ? [new TextDecoder().decode(event.message.body)] : [],
  )
}

const content = { groupId: new Uint8Array(32).fill(1), timestampSeconds: -1n, body: new Uint8Array(40) }
const ids = [new Uint8Array(32).fill(2), new Uint8Array(32).fill(3)]
const hostile = (['status', 'metadata'] as const).map((form: WireForm) => ({
  name: `fuzz payloads of the form ${form}`,
  run() {
    const payload = { acks: ids, offers: ids, requests: ids, messages: [content, content] }
    fuzz({
      seeds: [encodePayload(payload, form)],
      count: 2_000,
      random: seededRandom(2),
      decode: (input) => {
        const decoded = decodePayload(input, form)
        if (decoded.ok)
          expectSame(decodePayload(encodePayload(decoded.payload, form), form), decoded, 'again')
      },
      expectedError: MvdsError,
    })
  },
}))

export const cases: readonly { readonly name: string; run(): void | Promise<void> }[] = [lossy, ...hostile]
