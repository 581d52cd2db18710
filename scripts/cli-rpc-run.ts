/** The generated parts of docs/cli-rpc.md: between `<!-- NAME -->` and `<!-- /NAME -->`. See cli-rpc.mjs. */
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { MESSAGE, NOTIFICATIONS } from '../apps/cli/src/serve/notifications.ts'
import { ROUTES } from '../apps/cli/src/serve/routes.ts'

const PAGE = new URL('../docs/cli-rpc.md', import.meta.url)

interface Schema {
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

const schemaOf = (type: z.ZodType): Schema => z.toJSONSchema(type, { io: 'input' }) as Schema

const methods = Object.entries(ROUTES).map(([name, { summary, params, result }]) =>
  section(name, summary, [`params  ${typeText(schemaOf(params))}`, `result  ${typeText(schemaOf(result))}`]),
)
const notifications = Object.entries(NOTIFICATIONS).map(([name, { summary, params }]) => {
  const schema = schemaOf(params)
  const variants = schema.oneOf ?? schema.anyOf ?? [schema]
  return section(
    name,
    summary,
    variants.map((variant) => `params  ${typeText(variant)}`),
  )
})

const before = readFileSync(PAGE, 'utf8')
const after = [
  ['methods', methods.join('\n\n')],
  ['notifications', notifications.join('\n\n')],
  ['message', fieldsOf(schemaOf(MESSAGE))],
].reduce((page, [name, text]) => replaced(page, name as string, text as string), before)

if (!process.argv.includes('--check')) writeFileSync(PAGE, after)
else if (after !== before) {
  console.error('docs/cli-rpc.md is not what is declared in apps/cli/src/serve: run node scripts/cli-rpc.mjs')
  process.exitCode = 1
}

function replaced(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [start, end] = [page.indexOf(open), page.indexOf(close)]
  if (start < 0 || end < start) throw new Error(`docs/cli-rpc.md has no ${open} ... ${close}`)
  return `${page.slice(0, start + open.length)}\n\n${text}\n\n${page.slice(end)}`
}

function section(name: string, summary: string, lines: readonly string[]): string {
  return [`### \`${name}\``, '', summary, '', '```text', ...lines, '```'].join('\n')
}

/** `{ chat: string, limit?: number }` */
function typeText(schema: Schema): string {
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

function fieldsOf(schema: Schema): string {
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
