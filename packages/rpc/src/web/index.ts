/**
 * A remote node's Whisper for pages and other places without Node: over the platform's own WebSocket or `fetch`.
 *
 * ```ts
 * const remote = await connectRemoteWhisper({ at: 'wss://node.example/rpc', token })
 * ```
 */
export {
  createRemoteWhisper,
  type RemoteWhisper,
  type RemoteWhisperEvent,
  type RemoteWhisperOptions,
} from '../remote/remote-whisper.ts'
export type { RemoteNode, RemoteTransport } from '../remote/transport.ts'
export { connectRemoteWhisper, connectTransport } from './connect.ts'
export type { WebConnectOptions, WebSocketConstructor, WebSocketLike } from './web-socket.ts'
