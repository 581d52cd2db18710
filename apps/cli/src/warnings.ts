/** What may mislead in names and texts, in words. */
export const WARNING_TEXTS = {
  bidi: 'has characters that change the order in which it is shown',
  'look-alike': 'this name can be taken for that of a contact of yours, or for your own',
} as const

type Warning = keyof typeof WARNING_TEXTS

/** ` (has characters that ...)` behind the name of a group, or nothing. */
export function groupWarnings(warnings: readonly Warning[] | undefined): string {
  const texts = { ...WARNING_TEXTS, 'look-alike': OF_GROUP }
  return (warnings ?? []).map((warning) => ` (${texts[warning]})`).join('')
}

const OF_GROUP = 'this name can be taken for that of another group, of a contact of yours, or for your own'
