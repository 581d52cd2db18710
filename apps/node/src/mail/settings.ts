/** How operators write times, sizes and topics. Undefined: it is none. */
import { fromHex } from '@status-protocol/bytes'
import { type Topic, topicFrom, topicOfText } from '@status-protocol/whisper'

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const
const BYTES = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 } as const

/** `30d`, `12h`, `90m`: seconds, at least one. */
export function secondsOf(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? []
  const seconds = Number(count) * SECONDS[(unit ?? 's') as keyof typeof SECONDS]
  return seconds >= 1 && seconds <= Number.MAX_SAFE_INTEGER ? seconds : undefined
}

/** `2026-11-22`, `2026-11-22T18:00`, both of UTC, or with another zone, `2026-11-22T18:00+02:00`: Unix seconds. */
export function timeOf(text: string): number | undefined {
  const [, day, time = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const seconds = Date.parse(`${day}${time}${zone}`) / 1_000
  return seconds >= 0 && seconds <= 0xffff_ffff ? seconds : undefined
}

/** `20GB`, `500M`, `1000000`: bytes, at least one; K is 1,000. */
export function bytesOf(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,15}(?:\.\d{1,3})?)([KMGT]?)B?$/i.exec(text) ?? []
  const bytes = Math.floor(Number(count) * BYTES[(unit ?? '').toUpperCase() as keyof typeof BYTES])
  return bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER ? bytes : undefined
}

/** `0x5c6c9b56`, or a public chat, `#status`. */
export function topicOf(text: string): Topic | undefined {
  if (/^0x[0-9a-fA-F]{8}$/.test(text)) return topicFrom(fromHex(text))
  return /^#./.test(text) ? topicOfText(text.slice(1)) : undefined
}
