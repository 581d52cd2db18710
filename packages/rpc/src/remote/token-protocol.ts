/**
 * The token of a node for those who cannot send headers with a WebSocket, which is all pages: as one of the subprotocols that
 * they offer. The answer names the other one, `jsonrpc`, and so never repeats the token. (An address would be the other place
 * for it, but those are written to logs.)
 */
import { fromUtf8, utf8 } from '@status-protocol/bytes'

export const JSON_RPC_PROTOCOL = 'jsonrpc'
const PREFIX = 'bearer.'

/** `bearer.` and the token in base64url: tokens may have characters that names of protocols may not. */
export function bearerProtocol(token: string): string {
  const binary = String.fromCharCode(...utf8(token))
  return PREFIX + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The token that a list of protocols (`Sec-WebSocket-Protocol`) brings along, if it does. */
export function tokenOfProtocols(header: string | undefined): string | undefined {
  const named = (header ?? '').split(',').map((name) => name.trim())
  const bearer = named.find((name) => name.startsWith(PREFIX))
  if (bearer === undefined || !/^[\w-]+$/.test(bearer.slice(PREFIX.length))) return undefined
  try {
    const binary = atob(bearer.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'))
    return fromUtf8(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}

/** What is chosen of the protocols that somebody offers: the first that is no token. */
export function chosenProtocol(offered: Iterable<string>): string | false {
  for (const name of offered) if (!name.startsWith(PREFIX)) return name
  return false
}
