/** Longest foreign text in a line of ours. */
export const MAX_FOREIGN_CHARS = 512

/** Text that others chose, fit for a log or a terminal: cut, without control and direction characters. */
export function inert(
  text: string,
  { maxChars = MAX_FOREIGN_CHARS }: { readonly maxChars?: number } = {},
): string {
  const cut = text.length > maxChars ? `${text.slice(0, maxChars)}...` : text
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd')
}
