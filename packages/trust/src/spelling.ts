const MOST_SUGGESTIONS = 3
/** No word of a BIP39 list is longer than 8 letters; a longer text is no misspelt word. */
const LONGEST_WORD = 12

/** Up to three words of the list that somebody may have meant: at most two letters wrong, missing, added or swapped. */
export function nearestWords(word: string, list: readonly string[]): readonly string[] {
  const typed = word.toLowerCase()
  if (typed.length > LONGEST_WORD) return []
  const near: { readonly candidate: string; readonly distance: number }[] = []
  for (const candidate of list) {
    const distance = editDistance(typed, candidate)
    // The first four letters tell the words of BIP39 apart.
    if (distance <= 2 || candidate.slice(0, 4) === typed.slice(0, 4)) near.push({ candidate, distance })
  }
  return near
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ candidate }) => candidate)
}

/** Letters to change, add, drop or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let [beforePrevious, previous]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(at(previous, j) + 1, at(row, j - 1) + 1, at(previous, j - 1) + cost)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) best = Math.min(best, at(beforePrevious, j - 2) + 1)
      row.push(best)
    }
    beforePrevious = previous
    previous = row
  }
  return at(previous, b.length)
}

const at = (row: readonly number[] | undefined, index: number): number => row?.[index] as number
