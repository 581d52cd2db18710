/** Parts of reference pages that are made from the declarations of JSON-RPC methods. */
import { readFileSync, writeFileSync } from 'node:fs'

export interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly description?: string
  readonly $ref?: string
}

/**
 * Puts texts between `<!-- NAME -->` and `<!-- /NAME -->` of a page, or, with `--check`, fails if they are not there.
 *
 * @param made from what, and how, for those whose page is not up to date
 */
export function writePage(page: URL, texts: Readonly<Record<string, string>>, made: string): void {
  const before = readFileSync(page, 'utf8')
  const after = Object.entries(texts).reduce((text, [name, part]) => replaced(text, name, part), before)
  if (!process.argv.includes('--check')) writeFileSync(page, after)
  else if (after !== before) {
    console.error(`${page.pathname.replace(/^.*\/docs\//, 'docs/')} is not what is declared in ${made}`)
    process.exitCode = 1
  }
}

function replaced(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [start, end] = [page.indexOf(open), page.indexOf(close)]
  if (start < 0 || end < start) throw new Error(`the page has no ${open} ... ${close}`)
  return `${page.slice(0, start + open.length)}\n\n${text}\n\n${page.slice(end)}`
}

export function section(name: string, summary: string, lines: readonly string[]): string {
  return [`### \`${name}\``, '', summary, '', '```text', ...lines, '```'].join('\n')
}

/** `{ chat: string, limit?: number }` */
export function typeText(schema: Schema): string {
  if (schema.$ref) return nameOf(schema.$ref)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const union = schema.anyOf ?? schema.oneOf
  if (union) return union.map(typeText).join(' | ')
  if (schema.allOf) return schema.allOf.map(typeText).join(' & ')
  if (schema.type === 'array') return `${typeText(schema.items ?? {})}[]`
  if (schema.type === 'integer') return 'number'
  if (schema.type !== 'object') return schema.type ?? 'any'
  const fields = Object.entries(schema.properties ?? {})
  if (fields.length > 0)
    return `{ ${fields.map(([name, type]) => `${nameIn(schema, name)}: ${typeText(type)}`).join(', ')} }`
  const { additionalProperties: values } = schema
  return typeof values === 'object' ? `{ [name]: ${typeText(values)} }` : '{}'
}

export function fieldsOf(schema: Schema): string {
  const target = schema.$ref
    ? ((schema as { $defs?: Record<string, Schema> }).$defs?.[nameOf(schema.$ref)] ?? {})
    : schema
  const rows = Object.entries(target.properties ?? {}).map(([name, type]) =>
    `${`${nameIn(target, name)}: ${typeText(type)}`.padEnd(44)}${type.description ?? ''}`.trimEnd(),
  )
  return ['```text', ...rows, '```'].join('\n')
}

function nameIn({ required = [] }: Schema, name: string): string {
  return required.includes(name) ? name : `${name}?`
}

function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}
