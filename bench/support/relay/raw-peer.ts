/** A peer that speaks `shh/6` and nothing else: no pool, no filters, no checks. */
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createHost, type Host, type Link } from '@status-protocol/p2p-devp2p'
import { encodeStatus, noRateLimits, packetCodes } from '@status-protocol/whisper'

export interface RawPeer {
  readonly link: Link
  /** Resolves when the link has taken the packet. @throws Error if it is down */
  send(code: number, body: Uint8Array): Promise<void>
  /** Whatever comes after the status packet. */
  onPacket(listener: (code: number, body: Uint8Array) => void): void
  close(): Promise<void>
}

/** Dials a node; resolves when both have said their status. */
export async function dialRaw(enode: string): Promise<RawPeer> {
  let listener = (_code: number, _body: Uint8Array): void => {}
  const { host, link } = await dial(enode)
  void link.closed.then(() => host.close()) // it would dial again
  const packets = link.packets()[Symbol.asyncIterator]()
  const send = async (code: number, body: Uint8Array): Promise<void> => {
    for (let result = link.send(code, body); result !== 'ok'; result = link.send(code, body)) {
      if (result === 'closed') throw new Error(`the link is down, reason ${await link.closed}`)
      await link.drained()
    }
  }
  await send(packetCodes.status, STATUS)
  await packets.next()
  void (async () => {
    for (let { value, done } = await packets.next(); !done; { value, done } = await packets.next())
      listener(value.code, value.body)
  })()
  return {
    link,
    send,
    onPacket(given) {
      listener = given
    },
    close: () => host.close(),
  }
}

const STATUS = encodeStatus({
  minPow: 0,
  bloom: undefined,
  lightNode: false,
  confirmations: true,
  rateLimits: noRateLimits,
})

async function dial(enode: string): Promise<{ host: Host; link: Link }> {
  let up = (_link: Link): void => {}
  const link = new Promise<Link>((resolve) => {
    up = resolve
  })
  const host = await createHost({
    nodeKey: generatePrivateKey(defaultProvider, systemRandom),
    peers: [enode],
    clientName: 'raw',
    subprotocols: [
      {
        name: 'shh',
        version: 6,
        length: 128,
        run(link) {
          up(link)
        },
      },
    ],
  })
  return { host, link: await link }
}
