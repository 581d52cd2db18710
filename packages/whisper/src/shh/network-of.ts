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

/**
 * What counts as one address where limits are per address: an IPv4 address, an IPv6 /64, as everybody is given at least one of
 * those and can speak from all of it.
 */
export function addressOf(ip: string): string {
  const v4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(ip)
  if (v4) return v4[1] as string
  if (networkOf(ip) === undefined) return ip
  const [head = '', tail] = ip.split('::')
  const groups = head === '' ? [] : head.split(':')
  // "::" stands for at least one group of zeros; what is behind it counts from the end
  const behind = tail ? tail.split(':').length + (tail.includes('.') ? 1 : 0) : 0
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - behind)
  const all = [...groups, ...new Array<string>(zeros).fill('0'), ...(tail ? tail.split(':') : [])]
  return `${all.slice(0, 4).map(group).join(':')}::/64`
}
