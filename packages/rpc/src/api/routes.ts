/** All that a node offers. */
import { ADMIN_ROUTES } from './admin.ts'
import { NET_ROUTES, RPC_ROUTES, WEB3_ROUTES } from './net.ts'
import { SHH_ROUTES, SHH_SUBSCRIPTIONS } from './shh.ts'
import { SHHEXT_ROUTES, SHHEXT_SUBSCRIPTIONS } from './shhext.ts'

/** Methods of a node. */
export const NODE_ROUTES = {
  ...SHH_ROUTES,
  ...SHHEXT_ROUTES,
  ...NET_ROUTES,
  ...WEB3_ROUTES,
  ...ADMIN_ROUTES,
  ...RPC_ROUTES,
}

/** What can be subscribed to on a node. */
export const NODE_SUBSCRIPTIONS = { shh: SHH_SUBSCRIPTIONS, shhext: SHHEXT_SUBSCRIPTIONS }

/** The namespace of a method: `shh` of `shh_post`, `rpc` of `rpc.discover`. */
export function namespaceOf(method: string): string {
  return method.split(/[_.]/, 1)[0] as string
}
