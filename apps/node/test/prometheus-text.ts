/** Reads Prometheus' text format 0.0.4, strictly: what a scraper would refuse throws here. */

export interface Family {
  readonly type: string
  readonly help: string
  /** By `name{label="value"}`, labels in the order in which they came. */
  readonly series: Map<string, number>
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*),?\\})? (\\S+)$`)

export function parsePrometheusText(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, Family>()
  const helps = new Map<string, string>()
  for (const line of text.split('\n').filter((l) => l !== '')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line)
    if (comment) {
      const [, kind, name = '', rest = ''] = comment
      if (kind === 'HELP') helps.set(name, rest)
      else if (families.has(name)) throw new Error(`${name} is declared twice`)
      else families.set(name, { type: rest, help: helps.get(name) ?? '', series: new Map() })
      continue
    }
    const sample = SAMPLE.exec(line)
    if (!sample) throw new Error(`not a sample: ${line}`)
    const [, name = '', labels, value = ''] = sample
    const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''))
    if (!family) throw new Error(`${name} has no type`)
    const key = labels ? `${name}{${labels}}` : name
    if (family.series.has(key)) throw new Error(`${key} comes twice`)
    family.series.set(key, numberOf(value))
  }
  for (const [name, { type, help, series }] of families) {
    if (help === '') throw new Error(`${name} has no help`)
    if (!['counter', 'gauge', 'histogram', 'summary'].includes(type)) throw new Error(`${name} is a ${type}`)
    if (type === 'counter') for (const value of series.values()) if (!(value >= 0)) throw new Error(name)
  }
  return families
}

/** All series in one. */
export function seriesOf(text: string): Map<string, number> {
  return new Map([...parsePrometheusText(text).values()].flatMap(({ series }) => [...series]))
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  if (text === 'NaN' || text === 'Nan') return Number.NaN
  const value = Number(text)
  if (text === '' || Number.isNaN(value)) throw new Error(`not a number: ${text}`)
  return value
}
