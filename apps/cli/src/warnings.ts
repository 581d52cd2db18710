/** What may mislead in names and texts, in words. */
export const WARNING_TEXTS = {
  bidi: 'has characters that change the order in which it is shown',
  'look-alike': 'this name can be taken for that of a contact of yours, or for your own',
} as const
