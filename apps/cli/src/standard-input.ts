/** What is typed or piped, to its end. */
import { CliError } from './error.ts'

/** More than any text that is read so. */
const MAX_BYTES = 1_000_000

/**
 * @param prompt for who sits at a terminal: else nothing tells that something is waited for
 * @throws CliError `invalid-argument`: it is no text
 */
export async function standardInput(
  prompt: string,
  input: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean } = process.stdin,
): Promise<string> {
  if (input.isTTY) process.stderr.write(`${prompt}\n`)
  const pieces: Uint8Array[] = [] // BOUNDED by MAX_BYTES and one piece
  let length = 0
  for await (const piece of input) {
    pieces.push(piece)
    length += piece.length
    if (length > MAX_BYTES) break
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces), {
      stream: length > MAX_BYTES,
    })
  } catch {
    throw new CliError('invalid-argument', 'standard input: expected text (UTF-8), got other bytes')
  }
}
