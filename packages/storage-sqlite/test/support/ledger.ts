/** What the killed process writes, so that anybody can tell whether every commit is there whole. */
import { compare } from '@status-protocol/bytes'
import type { Change, Storage } from '@status-protocol/ports'

/** Commits kept; older ones are deleted by newer ones. */
const KEPT = 20

/** Commit n: its entries, the deletion of those of commit n - KEPT, and the counter. Some are large, to fill the log. */
export function changesOf(n: number): Change[] {
  const changes: Change[] = [{ put: ['state', NOTHING, keyOf(n, 0)] }]
  for (let i = 0; i < entriesOf(n); i++) changes.push({ put: ['log', keyOf(n, i), bytesOf(n, i)] })
  if (n > KEPT)
    for (let i = 0; i < entriesOf(n - KEPT); i++) changes.push({ del: ['log', keyOf(n - KEPT, i)] })
  return changes
}

/** The number of the last commit. @throws Error if what is stored is not exactly what commits 1 to that one leave */
export async function lastOf(storage: Storage): Promise<number> {
  const counter = await storage.get('state', NOTHING)
  const last = counter ? readNumber(counter) : 0
  const wanted: [Uint8Array, Uint8Array][] = []
  for (let n = Math.max(1, last - KEPT + 1); n <= last; n++)
    for (let i = 0; i < entriesOf(n); i++) wanted.push([keyOf(n, i), bytesOf(n, i)])
  let at = 0
  for await (const [key, value] of storage.range('log', NOTHING, keyOf(2 ** 40, 0), Infinity)) {
    const expected = wanted[at++]
    if (!expected || compare(key, expected[0]) !== 0 || compare(value, expected[1]) !== 0)
      throw new Error(`entry ${at} is of commit ${readNumber(key)}, which is not what ${last} commits leave`)
  }
  if (at !== wanted.length) throw new Error(`${last} commits leave ${wanted.length} entries, there are ${at}`)
  return last
}

const NOTHING = new Uint8Array(0)
const entriesOf = (n: number) => 1 + (n % 7)

function keyOf(n: number, i: number): Uint8Array {
  const key = new Uint8Array(9)
  new DataView(key.buffer).setBigUint64(0, BigInt(n))
  key[8] = i
  return key
}

function readNumber(key: Uint8Array): number {
  return Number(new DataView(key.buffer, key.byteOffset).getBigUint64(0))
}

function bytesOf(n: number, i: number): Uint8Array {
  const length = (n * 31 + i * 7) % 11 === 0 ? 20_000 : (n * 13 + i * 101) % 700
  return new Uint8Array(length).map((_, at) => (n * 7 + i * 3 + at) & 255)
}
