/** What is asked of a remote node, which may be ours, status-go's or geth. */
import { z } from 'zod'
import { NET_ROUTES, WEB3_ROUTES } from '../api/net.ts'
import { SHH_ROUTES } from '../api/shh.ts'
import { route } from '../route.ts'

const subscribe = route({
  summary: '',
  params: z.tuple([z.string()]).rest(z.unknown()),
  names: [],
  result: z.string(),
})
const unsubscribe = route({ summary: '', params: z.tuple([z.string()]), names: [], result: z.boolean() })

export const REMOTE_ROUTES = {
  ...SHH_ROUTES,
  ...NET_ROUTES,
  ...WEB3_ROUTES,
  shh_subscribe: subscribe,
  shh_unsubscribe: unsubscribe,
  shhext_subscribe: subscribe,
}
