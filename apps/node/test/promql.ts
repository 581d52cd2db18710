/** The metrics that a PromQL query asks for. Not a parser: enough for what dashboards say. */

const WORDS = new Set(['and', 'or', 'unless', 'offset', 'bool', 'inf', 'nan'])

export function metricNamesIn(expr: string): string[] {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/gi, ' ')
    .replace(/\b\d+(?:\.\d+)?(?:ms|[smhdwy]|e-?\d+)?\b/gi, ' ')
  const found = [...bare.matchAll(/[a-zA-Z_:][a-zA-Z0-9_:]*/g)]
    .filter(({ index, 0: word }) => !/^\s*\(/.test(bare.slice(index + word.length)))
    .map(([word]) => word)
    .filter((word) => !WORDS.has(word.toLowerCase()))
  return [...new Set(found)]
}
