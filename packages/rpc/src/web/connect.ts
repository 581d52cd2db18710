/** How a page reaches a node: what the platform brings along. */
import { httpTransport } from '../remote/http-transport.ts'
import {
  createRemoteWhisper,
  type RemoteWhisper,
  type RemoteWhisperOptions,
} from '../remote/remote-whisper.ts'
import type { RemoteNode, RemoteTransport } from '../remote/transport.ts'
import { type WebConnectOptions, webSocketTransport } from './web-socket.ts'

/**
 * {@link createRemoteWhisper} for pages. The node has to know the page's origin (`--rpc-origin` of status-node) and to take keys
 * (`--rpc-unsafe-keys`); a page that came by HTTPS reaches nothing but `wss://`, `https://` and this machine.
 *
 * @throws WhisperError `unavailable`
 */
export function connectRemoteWhisper(
  { at, token }: RemoteNode,
  options: Omit<RemoteWhisperOptions, 'connect'> & WebConnectOptions = {},
): Promise<RemoteWhisper> {
  return createRemoteWhisper({ ...options, connect: () => connectTransport({ at, token }, options) })
}

/** @throws Error that says why there is no connection (over HTTP that shows with the first request) */
export async function connectTransport(
  { at, token }: RemoteNode,
  options: WebConnectOptions = {},
): Promise<RemoteTransport> {
  if (/^https?:\/\//i.test(at)) return httpTransport(at, token)
  if (/^wss?:\/\//i.test(at)) return webSocketTransport(at, token, options)
  throw new Error(`expected ws://, wss://, http:// or https://, got ${JSON.stringify(at.slice(0, 40))}`)
}
