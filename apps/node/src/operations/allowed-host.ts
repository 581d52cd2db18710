/**
 * Which Host headers a server on this machine answers. A web page can make a browser ask a server in the reader's own
 * network, under a name of the page's owner that leads there (DNS rebinding). An address and `localhost` cannot be such a
 * name; what else the node is called has to be told to it.
 */
import { isIP } from 'node:net'

/** `host`: the header. HTTP/1.0 has none, and no browser speaks that. */
export function isAllowedHost(host: string | undefined, names: readonly string[]): boolean {
  if (host === undefined) return true
  const match = /^(\[[^\]]*\]|[^:[\]]*)(?::\d{1,5})?$/.exec(host)
  const name = match?.[1]?.replace(/^\[|\]$/g, '').toLowerCase()
  if (!name) return false
  return name === 'localhost' || isIP(name) !== 0 || names.some((own) => own.toLowerCase() === name)
}
