/** Who may ask over HTTP and WebSocket: what is checked of a request before its body is read. */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { equalConstantTime, utf8 } from '@status-protocol/bytes'
import { tokenOfProtocols } from '../remote/token-protocol.ts'
import type { GuardOptions } from './guard-options.ts'

export interface Refusal {
  readonly status: 400 | 401 | 403 | 405 | 415
  readonly text: string
}

/** Undefined: it may ask. */
export function refusalOf(request: IncomingMessage, options: GuardOptions): Refusal | undefined {
  const { host, origin } = request.headers
  if (!isHostAllowed(host, options.hosts ?? [])) return { status: 403, text: 'invalid host specified' }
  if (origin !== undefined && !isOriginAllowed(origin, options))
    return { status: 403, text: 'origin not allowed' }
  // A browser asks first whether it may ask, without the token.
  if (options.token !== undefined && request.method !== 'OPTIONS' && !hasToken(request, options.token))
    return { status: 401, text: 'Authorization: Bearer with the token of the data directory is required' }
  return undefined
}

/** For bodies: no other type makes a browser ask first. */
export function isJson(request: IncomingMessage): boolean {
  const type = request.headers['content-type'] ?? ''
  return type.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'
}

function isOriginAllowed(origin: string, { origins = [] }: GuardOptions): boolean {
  return origins.some((allowed) => allowed.toLowerCase() === origin.toLowerCase())
}

function isHostAllowed(header: string | undefined, hosts: readonly string[]): boolean {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(header ?? '')
  const name = (match?.[1] ?? match?.[2] ?? '').toLowerCase().replace(/\.$/, '')
  if (name === '') return false
  return isIP(name) !== 0 || name === 'localhost' || hosts.some((host) => host.toLowerCase() === name)
}

/** In the header, or where pages can say it. */
function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const inHeader = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  const said = inHeader ?? tokenOfProtocols(headers['sec-websocket-protocol']) ?? ''
  return equalConstantTime(utf8(said), utf8(token))
}
