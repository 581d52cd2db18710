/** What is typed or piped, to its end. */

/** More than any text that is read so. */
const MAX_BYTES = 1_000_000

/** @param prompt for who sits at a terminal: else nothing tells that something is waited for */
export async function standardInput(prompt: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`${prompt}\n`)
  const pieces: Buffer[] = [] // BOUNDED by MAX_BYTES and one piece
  let length = 0
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    pieces.push(piece)
    length += piece.length
    if (length > MAX_BYTES) break
  }
  return Buffer.concat(pieces).toString('utf8')
}
