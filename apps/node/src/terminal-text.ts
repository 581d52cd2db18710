/** Longest foreign text in a line of ours. */
export const MAX_FOREIGN_CHARS = 512

/** Text that others chose, fit for a log or a terminal: cut, without control and direction characters. */
export function inert(text: string): string {
  const cut = text.length > MAX_FOREIGN_CHARS ? `${text.slice(0, MAX_FOREIGN_CHARS)}...` : text
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd')
}
