/** Rows under each other, for people; programs take `--json`. */

/** Columns as wide as their longest cell, two spaces between them; what is empty in every row is left out. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, lengthOf(cell))
  return rows.map((row) =>
    row
      .flatMap((cell, at) => {
        const width = widths[at] ?? 0
        return width === 0 ? [] : [cell + ' '.repeat(width - lengthOf(cell))]
      })
      .join('  ')
      .trimEnd(),
  )
}

/** In characters; how wide each is only the terminal knows. */
const lengthOf = (text: string): number => [...text].length
