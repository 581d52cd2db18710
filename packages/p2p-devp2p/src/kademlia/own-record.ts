/** What a node says of itself in its record: what it was told to say, what others see it at, where it listens. */
import type { CryptoProvider } from '@status-protocol/crypto'
import { type NodeRecord, type RecordAddresses, signNodeRecord } from '../enr.ts'
import { P2pError } from '../error.ts'
import { canonicalIp } from '../ip.ts'
import type { UdpAddress } from '../udp.ts'
import type { Advertised } from './api.ts'

export interface OwnRecord {
  /** @throws P2pError `too-big`, `invalid-argument`; nothing has changed then */
  advertise(what: Advertised): void
  /** Where we are reached: as we were told, else as others see us, else where we listen. */
  addresses(at: Whereabouts): RecordAddresses
  /** Signed with the number of `before`, or the next one if there is something new to say. */
  next(before: NodeRecord, at: Whereabouts): NodeRecord
  sign(seq: bigint, at: Whereabouts): NodeRecord
}

export interface Whereabouts {
  readonly listening: UdpAddress | undefined
  /** As others say. */
  readonly seen: UdpAddress | undefined
}

/** @throws P2pError `invalid-argument`, `too-big` if there is no room for all entries */
export function createOwnRecord(options: {
  readonly nodeKey: Uint8Array
  readonly crypto: CryptoProvider
  readonly entries: ReadonlyMap<string, Uint8Array>
  readonly advertise: Advertised
}): OwnRecord {
  const { nodeKey, crypto, entries } = options

  /** With room for the longest address that we may learn of later. */
  const checked = (what: Advertised): Advertised => {
    const ip = what.ip === undefined ? undefined : canonicalIp(what.ip)
    if (what.ip !== undefined && ip === undefined)
      throw new P2pError('invalid-argument', 'advertise.ip: expected a literal IP address')
    const longest = { ip6: `ffff${':ffff'.repeat(7)}`, udpPort: 0xffff, tcpPort: 0xffff }
    const addresses = { ...longest, ...(what.via && { via: what.via }) }
    signNodeRecord({ nodeKey, seq: 2n ** 48n, addresses, entries, crypto })
    return { ...what, ...(ip !== undefined && { ip }) }
  }

  let advertised = checked(options.advertise)

  const addresses = ({ listening, seen: theirs }: Whereabouts): RecordAddresses => {
    const { ip, tcpPort, udpPort, via } = advertised
    const seen = ip === undefined ? theirs : undefined
    const own = listening && !isAnyAddress(listening.ip) ? listening.ip : undefined
    const address = ip ?? seen?.ip ?? own
    const port = udpPort ?? seen?.port ?? listening?.port
    return {
      ...(address !== undefined && { ip: address }),
      ...(port !== undefined && { udpPort: port }),
      ...(tcpPort !== undefined && { tcpPort }),
      ...(via !== undefined && { via }),
    }
  }

  const sign = (seq: bigint, at: Whereabouts): NodeRecord => {
    const { ip, udpPort, tcpPort, via } = addresses(at)
    const isV6 = ip?.includes(':') ?? false
    const ports = { ...(udpPort && { udpPort }), ...(tcpPort && { tcpPort }) }
    const said: RecordAddresses = {
      ...(ip !== undefined && (isV6 ? { ip6: ip } : { ip })),
      ...(ip !== undefined && ports),
      ...(via && { via }),
    }
    return signNodeRecord({ nodeKey, seq, addresses: said, entries, crypto })
  }

  return {
    advertise(what) {
      advertised = checked(what)
    },
    addresses,
    next(before, at) {
      const same = sign(before.seq, at)
      const isSame =
        same.bytes.length === before.bytes.length && same.bytes.every((byte, i) => byte === before.bytes[i])
      return isSame ? same : sign(before.seq + 1n, at)
    },
    sign,
  }
}

function isAnyAddress(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::'
}
