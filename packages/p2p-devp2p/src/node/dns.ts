import { Resolver } from 'node:dns/promises'
import type { ResolveTxt } from '../dns/dns-discovery.ts'

/** The system's resolver, or the given servers (`['9.9.9.9']`); queries go out in the clear. */
export function systemResolveTxt(options: { readonly servers?: readonly string[] } = {}): ResolveTxt {
  return async (name, signal) => {
    const resolver = new Resolver()
    if (options.servers) resolver.setServers(options.servers)
    signal.addEventListener('abort', () => resolver.cancel(), { once: true })
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
  }
}
