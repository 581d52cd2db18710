import { P2pError } from '../error.ts'
import { canonicalIp } from '../ip.ts'

/** How we become reachable behind a router, as go-ethereum's `--nat` has it. */
export type NatMode =
  /** No mapping. */
  | { readonly type: 'none' }
  /** Whatever the router speaks: UPnP or NAT-PMP. */
  | { readonly type: 'any' }
  | { readonly type: 'upnp' }
  /** With the router's address, if it is not to be found out. */
  | { readonly type: 'pmp'; readonly gateway?: string }
  /** The operator knows the address and has mapped the ports. */
  | { readonly type: 'extip'; readonly ip: string }

/** Reads `any`, `none`, `upnp`, `pmp`, `pmp:<ip>`, `extip:<ip>`. @throws P2pError `invalid-argument` */
export function parseNatMode(text: string): NatMode {
  const [type, ...rest] = text.split(':')
  const ip = rest.length > 0 ? canonicalIp(rest.join(':')) : undefined
  if ((type === 'none' || type === 'any' || type === 'upnp') && rest.length === 0) return { type }
  if (type === 'pmp' && rest.length === 0) return { type }
  if (type === 'pmp' && ip !== undefined) return { type, gateway: ip }
  if (type === 'extip' && ip !== undefined) return { type, ip }
  throw new P2pError('invalid-argument', 'nat: expected any, none, upnp, pmp, pmp:<ip> or extip:<ip>')
}
