/**
 * Which network an address is in, coarsely: an IPv4 /16, an IPv6 /32. Machines that one party rents or owns are mostly near
 * each other, so a network has one vote where peers vote.
 */

/** Undefined if the text is no literal address. */
export function networkOf(ip: string): string | undefined {
  const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/i.exec(ip)
  if (v4) return `${v4[1]}.${v4[2]}/16`
  if (ip.length > 45 || !/^[0-9a-f]{0,4}:[0-9a-f:.]*$/i.test(ip)) return undefined
  // What follows the first "::" of an address in its shortest form is zeros up to its end.
  const [first = '', second = ''] = (ip.split('::')[0] ?? '').split(':')
  return `${group(first)}:${group(second)}/32`
}

function group(text: string): string {
  return Number.parseInt(text || '0', 16).toString(16)
}
