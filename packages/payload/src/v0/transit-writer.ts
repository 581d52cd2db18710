import { utf8 } from '@status-protocol/bytes'
import {
  cacheCode,
  isCacheable,
  isTransitArray,
  isTransitMap,
  isTransitTagged,
  MAX_CACHE_ENTRIES,
  type TransitMap,
  type TransitValue,
} from './transit.ts'

const MAX_JSON_INTEGER = 2n ** 53n - 1n

/**
 * A value as the mobile client writes it: short map form, repeated keys and keywords as cache codes, integers above 2^53
 * as `~i` text, a value that is no collection quoted.
 */
export function writeTransit(value: TransitValue): Uint8Array {
  const writer = new TransitWriter()
  const isCollection = isTransitArray(value) || isTransitMap(value) || isTransitTagged(value)
  return utf8(isCollection ? writer.value(value) : writer.value({ tag: "'", value }))
}

class TransitWriter {
  /** BOUNDED by MAX_CACHE_ENTRIES. */
  readonly #codes = new Map<string, string>()

  value(value: TransitValue): string {
    if (isTransitArray(value)) return `[${value.map((item) => this.value(item)).join(',')}]`
    if (isTransitMap(value)) return this.#map(value)
    if (isTransitTagged(value)) return `[${this.#text(`~#${value.tag}`, false)},${this.value(value.value)}]`
    if (value === null || typeof value === 'boolean') return String(value)
    if (typeof value === 'bigint' && isPlain(value)) return String(value)
    if (typeof value === 'number' && Number.isFinite(value))
      return /[.e]/.test(`${value}`) ? `${value}` : `${value}.0`
    return this.#text(asText(value), false)
  }

  #map({ entries }: TransitMap): string {
    const isComposite = entries.some(
      ([key]) => isTransitArray(key) || isTransitMap(key) || isTransitTagged(key),
    )
    if (isComposite) return this.value({ tag: 'cmap', value: entries.flat() as TransitValue[] })
    const parts = entries.map(
      ([key, value]) => `,${this.#text(asText(key as never), true)},${this.value(value)}`,
    )
    return `["^ "${parts.join('')}]`
  }

  #text(text: string, asKey: boolean): string {
    if (!isCacheable(text, asKey)) return JSON.stringify(text)
    const code = this.#codes.get(text)
    if (code !== undefined) return JSON.stringify(code)
    if (this.#codes.size >= MAX_CACHE_ENTRIES) this.#codes.clear()
    this.#codes.set(text, cacheCode(this.#codes.size))
    return JSON.stringify(text)
  }
}

/** A scalar as text, the only form that a key of a map can have. */
function asText(
  value: Exclude<TransitValue, readonly TransitValue[] | TransitMap | { tag: string }>,
): string {
  if (typeof value === 'string') return /^[~^`]/.test(value) ? `~${value}` : value
  if (value === null) return '~_'
  if (typeof value === 'boolean') return value ? '~?t' : '~?f'
  if (typeof value === 'bigint') return `~i${value}`
  if (typeof value === 'number') return Number.isFinite(value) ? `~d${value}` : `~z${specialName(value)}`
  return 'keyword' in value ? `~:${value.keyword}` : `~${value.scalar}${value.text}`
}

function specialName(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? 'INF' : '-INF'
}

function isPlain(value: bigint): boolean {
  return value <= MAX_JSON_INTEGER && value >= -MAX_JSON_INTEGER
}
