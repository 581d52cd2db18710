/**
 * What is asked of a remote node, which may be ours, status-go's or geth's. Types alone: what checks parameters on a server is
 * no use to who asks, and pages have to load it.
 */
import type { z } from 'zod'
import type { NET_ROUTES, WEB3_ROUTES } from '../api/net.ts'
import type { SHH_ROUTES } from '../api/shh.ts'
import type { Route } from '../route.ts'

type Subscribe = Route<z.ZodType<[string, ...unknown[]]>, z.ZodType<string>>
type Unsubscribe = Route<z.ZodType<[string]>, z.ZodType<boolean>>

type AllRoutes = typeof SHH_ROUTES &
  typeof NET_ROUTES &
  typeof WEB3_ROUTES & {
    readonly shh_subscribe: Subscribe
    readonly shh_unsubscribe: Unsubscribe
    readonly shhext_subscribe: Subscribe
  }

const METHODS = [
  ...(['shh_version', 'web3_clientVersion'] as const),
  ...(['shh_addPrivateKey', 'shh_deleteKeyPair', 'shh_addSymKey', 'shh_deleteSymKey'] as const),
  ...(['shh_newMessageFilter', 'shh_getFilterMessages', 'shh_deleteMessageFilter'] as const),
  ...(['shh_subscribe', 'shh_unsubscribe', 'shhext_subscribe', 'shh_post'] as const),
] satisfies readonly (keyof AllRoutes)[]

export type RemoteRoutes = Pick<AllRoutes, (typeof METHODS)[number]>
export const REMOTE_METHODS: readonly (keyof RemoteRoutes)[] = METHODS
