/**
 * Whether Go's `strconv.ParseFloat(text, 64)` takes a text as a number: decimal with an optional exponent, hexadecimal
 * with a binary exponent, single underscores between digits, `inf`, `infinity`, `nan`; nothing around it; not so large
 * that it becomes infinite.
 */
const DECIMAL = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i
const HEXADECIMAL =
  /^[+-]?0x(?:(_?[\da-f]+(?:_[\da-f]+)*)(?:\.([\da-f]+(?:_[\da-f]+)*)?)?|\.([\da-f]+(?:_[\da-f]+)*))p([+-]?\d+(?:_\d+)*)$/i
const NAMED = /^(?:[+-]?inf(?:inity)?|nan)$/i

export function isGoFloat(text: string): boolean {
  if (NAMED.test(text)) return true
  if (DECIMAL.test(text)) return Number.isFinite(Number(text.replaceAll('_', '')))
  const hexadecimal = HEXADECIMAL.exec(text)
  if (!hexadecimal) return false
  const [whole = '', fraction = hexadecimal[3] ?? '', exponent = ''] = [
    hexadecimal[1],
    hexadecimal[2],
    hexadecimal[4],
  ]
  return isFiniteHexadecimal(
    withoutUnderscores(whole),
    withoutUnderscores(fraction),
    withoutUnderscores(exponent),
  )
}

function isFiniteHexadecimal(whole: string, fraction: string, exponent: string): boolean {
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits === '') return true
  const top = BigInt(`0x${digits.slice(0, 16)}`)
  const topBits = top.toString(2).length
  const bits =
    topBits + 4 * (digits.length - Math.min(digits.length, 16) - fraction.length) + Number(exponent)
  if (bits !== 1024) return bits < 1024
  // Between the largest double and 2^1024: half a unit in the last place or more rounds up to infinity.
  return topBits < 54 || top >> BigInt(topBits - 54) !== (1n << 54n) - 1n
}

function withoutUnderscores(digits: string): string {
  return digits.replaceAll('_', '')
}
