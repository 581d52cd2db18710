/** Who may ask over HTTP and WebSocket; apart from what checks it, so that its types need none of Node's. */
export interface GuardOptions {
  /** Names in `Host` beside addresses and `localhost`. A page elsewhere that points its own name at us sends that name. */
  readonly hosts?: readonly string[]
  /** Web pages that may ask, `https://example.org`. Default none: browsers say where a request comes from. */
  readonly origins?: readonly string[]
  /** What `Authorization: Bearer` has to say, or for WebSockets of pages a subprotocol (see `./web`). */
  readonly token?: string | undefined
}
