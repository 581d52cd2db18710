/**
 * A reader for hostile Transit: one pass over the text, bounded in size, depth and number of values, integers exact.
 *
 * Why not `JSON.parse` and transit-js: they round integers above 2^53, recurse as deep as the input says, answer an
 * unknown cache code with `undefined`, and refuse what the Go reader takes (anything behind the first value).
 */
import { fromUtf8Lenient } from '@status-protocol/bytes'
import { bytesArgument } from '../arguments.ts'
import { PayloadError } from '../error.ts'
import { isGoFloat } from '../go-float.ts'
import { MAX_MESSAGE_BYTES } from '../wire.ts'
import { cacheCode, isCacheable, MAX_CACHE_ENTRIES, type TransitValue } from './transit.ts'

/** Deepest real document: a group update, 9 levels. */
export const MAX_TRANSIT_DEPTH = 64

/** Values in one document. A value of two characters takes some forty bytes of memory. */
export const MAX_TRANSIT_VALUES = 100_000

const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/**
 * The first value of a text; what follows it is ignored, as the Go reader does.
 *
 * @throws PayloadError `malformed`
 */
export function readTransit(bytes: Uint8Array): TransitValue {
  if (bytesArgument(bytes, 'Transit').length > MAX_MESSAGE_BYTES)
    throw malformed(`${bytes.length} bytes, at most ${MAX_MESSAGE_BYTES} are read`)
  return new TransitReader(fromUtf8Lenient(bytes)).value(0)
}

class TransitReader {
  readonly #text: string
  #at = 0
  #valuesLeft = MAX_TRANSIT_VALUES
  /** BOUNDED by MAX_CACHE_ENTRIES. */
  readonly #cache = new Map<string, string>()

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): TransitValue {
    const first = this.#next(depth)
    if (first === '"') return this.#meaning(this.#cached(this.#string(), false))
    if (first === '[') return this.#array(depth + 1)
    if (first === '{') return this.#object(depth + 1)
    return this.#number() ?? this.#literal()
  }

  /** `[]`, `["^ ", key, value, ...]`, `["~#tag", value]` or an array. */
  #array(depth: number): TransitValue {
    this.#at++
    const items: TransitValue[] = []
    if (this.#peek() === ']') {
      this.#at++
      return items
    }
    if (this.#next(depth) === '"') {
      const first = this.#cached(this.#string(), false)
      if (first === '^ ') return this.#arrayMap(depth)
      if (first.startsWith('~#')) return this.#tagged(first.slice(2), depth)
      items.push(this.#meaning(first))
    } else {
      items.push(this.value(depth))
    }
    while (this.#continues(']')) items.push(this.value(depth))
    return items
  }

  #arrayMap(depth: number): TransitValue {
    const entries: [TransitValue, TransitValue][] = []
    while (this.#continues(']')) {
      const key = this.#key(depth)
      if (!this.#continues(']')) throw malformed('a map with a key without a value')
      entries.push([key, this.value(depth)])
    }
    return { entries }
  }

  #tagged(tag: string, depth: number): TransitValue {
    if (!this.#continues(']')) throw malformed('a tag without a value')
    const value = this.value(depth)
    while (this.#continues(']')) this.value(depth)
    return tag === "'" ? value : { tag, value }
  }

  /** The verbose form of maps and tagged values. */
  #object(depth: number): TransitValue {
    this.#at++
    const entries: [TransitValue, TransitValue][] = []
    let tag: string | undefined
    if (this.#peek() === '}') this.#at++
    else
      do {
        if (this.#next(depth) !== '"') throw malformed('an object whose key is no string')
        const name = this.#cached(this.#string(), true)
        tag = name.startsWith('~#') ? name.slice(2) : undefined
        const key = tag ?? this.#meaning(name)
        if (this.#peek() !== ':') throw malformed('an object without a colon')
        this.#at++
        entries.push([key, this.value(depth)])
      } while (this.#continues('}'))
    const only = entries.length === 1 ? entries[0] : undefined
    return only && tag !== undefined ? { tag, value: only[1] } : { entries }
  }

  #key(depth: number): TransitValue {
    if (this.#next(depth) !== '"') return this.value(depth)
    return this.#meaning(this.#cached(this.#string(), true))
  }

  /** Whether a comma says that there is another element; passes over the end otherwise. */
  #continues(end: ']' | '}'): boolean {
    const next = this.#peek()
    if (next !== ',' && next !== end) throw malformed('a list without a comma or an end')
    this.#at++
    return next === ','
  }

  /** First character of the next value; counts it. */
  #next(depth: number): string {
    if (depth > MAX_TRANSIT_DEPTH) throw malformed(`values nested deeper than ${MAX_TRANSIT_DEPTH}`)
    if (this.#valuesLeft-- === 0) throw malformed(`more than ${MAX_TRANSIT_VALUES} values`)
    return this.#peek()
  }

  #peek(): string {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++
    const character = this.#text[this.#at]
    if (character === undefined) throw malformed('the text ends too early')
    return character
  }

  #number(): TransitValue | undefined {
    NUMBER.lastIndex = this.#at
    const text = NUMBER.exec(this.#text)?.[0]
    if (text === undefined) return undefined
    this.#at += text.length
    return /[.eE]/.test(text) ? float(text) : integer(text)
  }

  #literal(): TransitValue {
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const)
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    throw malformed('a character that begins no value')
  }

  /** A JSON string without its quotes; half surrogate pairs become U+FFFD. */
  #string(): string {
    const start = ++this.#at
    let text = ''
    let from = start
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (Number.isNaN(code)) throw malformed('a string without an end')
      if (code < 0x20) throw malformed('a control character in a string')
      if (code === 0x22) break
      if (code === 0x5c) {
        text += this.#text.slice(from, this.#at) + this.#escape()
        from = this.#at
      } else this.#at++
    }
    text += this.#text.slice(from, this.#at++)
    return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1] ?? ''
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6)
      if (!/^[\da-fA-F]{4}$/.test(digits)) throw malformed('an escape without four hex digits')
      this.#at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const character = ESCAPES[letter]
    if (character === undefined || !Object.hasOwn(ESCAPES, letter)) throw malformed('an escape that is none')
    this.#at += 2
    return character
  }

  /** A cache code becomes what it stands for, an unknown one stays as it is; everything else may enter the cache. */
  #cached(text: string, asKey: boolean): string {
    const known = text.startsWith('^') ? this.#cache.get(text) : undefined
    if (known !== undefined) return known
    if (isCacheable(text, asKey)) {
      if (this.#cache.size >= MAX_CACHE_ENTRIES) this.#cache.clear()
      this.#cache.set(cacheCode(this.#cache.size), text)
    }
    return text
  }

  #meaning(text: string): TransitValue {
    if (!text.startsWith('~')) return text
    const [kind, rest] = [text[1], text.slice(2)]
    switch (kind) {
      case '~':
      case '^':
      case '`':
        return text.slice(1)
      case ':':
        return { keyword: rest }
      case 'i':
        if (!/^[+-]?\d+$/.test(rest)) throw malformed('an integer that is none')
        return integer(rest)
      case 'd':
        return float(rest)
      case '_':
        return null
      case '?':
        if (rest !== 't' && rest !== 'f') throw malformed('a boolean that is none')
        return rest === 't'
      case '#':
      case undefined:
        throw malformed('a tag outside of a tagged value')
      default:
        return { scalar: kind, text: rest }
    }
  }
}

function integer(text: string): bigint {
  // 19 digits hold every 64-bit integer; longer texts would make BigInt work for nothing.
  const value = text.length > 64 ? MAX_INT64 + 1n : BigInt(text.startsWith('+') ? text.slice(1) : text)
  if (value < MIN_INT64 || value > MAX_INT64) throw malformed('an integer of more than 64 bits')
  return value
}

function float(text: string): number {
  const value = isGoFloat(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) throw malformed('a number that is not finite')
  return value
}

function malformed(what: string): PayloadError {
  return new PayloadError('malformed', `Transit: ${what}`)
}
