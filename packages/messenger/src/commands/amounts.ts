/** Amounts of transaction commands: whole numbers of the smallest unit, in decimal digits. */

/** What Go takes for a number may be anything from `1` to `-0x1p-2`; BOUNDED: characters of a value. */
export const MAX_VALUE_CHARS = 100
const WEI_DIGITS = 18
const HIGHEST = 2n ** 256n - 1n

/** Whether a value is a whole number that a transaction can have: 0 to 2^256 - 1. Go compares no other with what was paid. */
export function isAmount(value: string): boolean {
  return /^[0-9]{1,78}$/.test(value) && BigInt(value) <= HIGHEST
}

/** `0.5 ETH` of `500000000000000000` wei. How many digits of a token are behind its point only its contract knows. */
export function amountText(value: string, contract: string | undefined): string {
  const asset = contract === undefined ? 'ETH' : `the token ${contract}`
  if (!isAmount(value)) return `"${value}" (no whole number of the smallest unit) of ${asset}`
  if (contract !== undefined) return `${BigInt(value)} of the smallest unit of ${asset}`
  const digits = BigInt(value)
    .toString()
    .padStart(WEI_DIGITS + 1, '0')
  const rest = digits.slice(-WEI_DIGITS).replace(/0+$/, '')
  return `${digits.slice(0, -WEI_DIGITS)}${rest && `.${rest}`} ${asset}`
}
