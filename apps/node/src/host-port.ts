/** `host:port` as people write it, an IPv6 address in brackets. */

const HOST_AND_PORT = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+):(\d{1,5})$/

export function isHostAndPort(text: string): boolean {
  const match = HOST_AND_PORT.exec(text)
  return match !== null && Number(match[2]) <= 65_535
}

/** Of what {@link isHostAndPort} has passed. The host is without brackets. */
export function splitHostPort(text: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = HOST_AND_PORT.exec(text) ?? []
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

export function formatHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
