/**
 * UPnP Internet Gateway Device, versions 1 and 2: its texts. Routers send what they like: everything is bounded and read with
 * patterns, no XML is interpreted.
 */
import { P2pError } from '../error.ts'
import type { PortWish } from './port-mapper.ts'

export const SSDP_ADDRESS = '239.255.255.250'
export const SSDP_PORT = 1_900
/** Of a description or an answer. */
export const MAX_UPNP_BYTES: number = 128 * 1024
const DEVICES = [1, 2].map((version) => `urn:schemas-upnp-org:device:InternetGatewayDevice:${version}`)

export interface UpnpService {
  /** `urn:schemas-upnp-org:service:WANIPConnection:1` or another of its kind. */
  readonly type: string
  readonly controlUrl: URL
}

export function ssdpSearches(): readonly string[] {
  const lines = ['M-SEARCH * HTTP/1.1', `HOST: ${SSDP_ADDRESS}:${SSDP_PORT}`, 'MAN: "ssdp:discover"', 'MX: 1']
  return DEVICES.map((device) => [...lines, `ST: ${device}`, '', ''].join('\r\n'))
}

/**
 * Where the description of a router is. Undefined: no answer of a router, or one that sends us to another machine than itself.
 */
export function readSsdpAnswer(text: string, sender: string): URL | undefined {
  if (text.length > 2_048 || !/^HTTP\/1\.[01] 200/.test(text) || !/InternetGatewayDevice:[12]/i.test(text))
    return undefined
  const location = /^location:[ \t]*(\S+)[ \t]*$/im.exec(text)?.[1]
  if (location === undefined || !URL.canParse(location)) return undefined
  const url = new URL(location)
  return url.protocol === 'http:' && url.hostname === sender ? url : undefined
}

/** The service that maps ports, from the description at `base`. */
export function readDescription(xml: string, base: URL): UpnpService | undefined {
  const found = xml
    .slice(0, MAX_UPNP_BYTES)
    .split(/<service>/i)
    .slice(1, 64)
    .map((block) => ({ type: textOf('serviceType', block), control: textOf('controlURL', block) }))
    .find(({ type }) => /^urn:schemas-upnp-org:service:WAN(IP|PPP)Connection:[12]$/.test(type ?? ''))
  if (found?.type === undefined || found.control === undefined || !URL.canParse(found.control, base.href))
    return undefined
  const controlUrl = new URL(found.control, base.href)
  return controlUrl.host === base.host && controlUrl.protocol === 'http:'
    ? { type: found.type, controlUrl }
    : undefined
}

export function soapRequest(
  type: string,
  action: string,
  fields: readonly (readonly [name: string, value: string | number])[],
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const inner = fields.map(([name, value]) => `<${name}>${value}</${name}>`).join('')
  const envelope = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
  const encoding = 's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"'
  const call = `<u:${action} xmlns:u="${type}">${inner}</u:${action}>`
  return {
    headers: { 'content-type': 'text/xml; charset="utf-8"', soapaction: `"${type}#${action}"` },
    body: `<?xml version="1.0"?><s:Envelope ${envelope} ${encoding}><s:Body>${call}</s:Body></s:Envelope>`,
  }
}

export function addFields(wish: PortWish, client: string): readonly (readonly [string, string | number])[] {
  return [
    ...([['NewRemoteHost', '']] as const),
    ...([['NewExternalPort', wish.externalPort]] as const),
    ...([['NewProtocol', wish.protocol.toUpperCase()]] as const),
    ...([['NewInternalPort', wish.port]] as const),
    ...([['NewInternalClient', client]] as const),
    ...([['NewEnabled', 1]] as const),
    ...([['NewPortMappingDescription', 'status-protocol']] as const),
    ...([['NewLeaseDuration', wish.leaseSeconds]] as const),
  ]
}

export function deleteFields({
  externalPort,
  protocol,
}: PortWish): readonly (readonly [string, string | number])[] {
  return [
    ['NewRemoteHost', ''],
    ['NewExternalPort', externalPort],
    ['NewProtocol', protocol.toUpperCase()],
  ]
}

/** What an answer says under a name: text without markup, at most 256 characters. */
export function textOf(name: string, xml: string): string | undefined {
  const text = new RegExp(`<(?:[\\w-]+:)?${name}(?:\\s[^>]{0,200})?>([^<]{0,256})<`, 'i').exec(xml)?.[1]
  return text?.trim()
}

/** The number of a UPnP error, or of the HTTP status. */
export class UpnpRefusal extends P2pError {
  readonly number: number
  constructor(status: number, xml: string) {
    const number = Number(textOf('errorCode', xml) ?? status)
    const text = (textOf('errorDescription', xml) ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
    super('malformed', `the router refuses: ${number} ${text}`.trim())
    this.number = number
  }
}
