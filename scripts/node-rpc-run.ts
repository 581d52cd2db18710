/** The generated parts of docs/rpc.md: between `<!-- NAME -->` and `<!-- /NAME -->`. See node-rpc.mjs. */
import {
  NODE_ROUTES,
  NODE_SUBSCRIPTIONS,
  namespaceOf,
  type OpenRpcMethod,
  openRpcDocument,
  RPC_ERROR_NUMBERS,
} from '@status-protocol/rpc'
import { type Schema, section, typeText, writePage } from './lib/rpc-page.ts'

const { methods } = openRpcDocument(NODE_ROUTES, {
  ...{ title: 'JSON-RPC of a Status Protocol node', version: '', subscriptions: NODE_SUBSCRIPTIONS },
})

const notifications = Object.entries(NODE_SUBSCRIPTIONS).flatMap(([namespace, all]) =>
  openRpcDocument(all, { title: '', version: '' }).methods.map((one) => ({
    ...one,
    name: `${namespace}_subscribe "${one.name}"`,
  })),
)

writePage(
  new URL('../docs/rpc.md', import.meta.url),
  {
    ...Object.fromEntries(
      [...new Set(methods.map(({ name }) => namespaceOf(name)))].map((namespace) => [
        namespace,
        methods
          .filter(({ name }) => namespaceOf(name) === namespace)
          .map(methodText)
          .join('\n\n'),
      ]),
    ),
    subscriptions: notifications.map(methodText).join('\n\n'),
    errors: errorsTable(),
  },
  'packages/rpc/src/api: run node scripts/node-rpc.mjs',
)

function methodText({ name, summary, params, result }: OpenRpcMethod): string {
  const shown = params.map(({ name: param, required }) => (required ? param : `${param}?`)).join(', ')
  const simple = params.filter(({ schema }) => fieldsOf(schema).length === 0)
  return section(name, summary, [
    `params  [${shown}]`,
    ...simple.map(({ name: param, schema }) => line(param, schema)),
    `result  ${resultText(result.schema)}`,
    ...[...params, result].flatMap((value) => detailsOf(value.name, value.schema)),
  ])
}

/** One line for each field of an object, or of the objects in a list. */
function detailsOf(name: string, schema: object): readonly string[] {
  const fields = fieldsOf(schema)
  return fields.length === 0 ? [] : ['', `in ${name === 'result' ? 'the result' : name}:`, ...fields]
}

function fieldsOf(schema: Schema): readonly string[] {
  const object = objectIn(schema)
  return Object.entries(object?.properties ?? {}).map(([name, type]) =>
    line(object?.required?.includes(name) ? name : `${name}?`, type),
  )
}

function line(name: string, schema: Schema): string {
  return `  ${`${name}: ${typeText(withoutNull(schema))}`.padEnd(32)} ${describe(schema)}`.trimEnd()
}

function resultText(schema: Schema): string {
  if (objectIn(schema)) return schema.type === 'array' ? 'a list of objects' : 'an object'
  const about = describe(schema)
  return `${typeText(withoutNull(schema))}${about ? `, ${about}` : ''}`
}

function objectIn(schema: Schema): Schema | undefined {
  if (schema.type === 'array') return objectIn(schema.items ?? {})
  return schema.type === 'object' && schema.properties ? schema : undefined
}

function withoutNull(schema: Schema): Schema {
  const options = schema.anyOf?.filter(({ type }) => type !== 'null')
  if (options?.length === 1) return options[0] as Schema
  const types = Array.isArray(schema.type) ? (schema.type as string[]).filter((type) => type !== 'null') : []
  return types.length === 1 ? { ...schema, type: types[0] as string } : schema
}

function describe(schema: Schema): string {
  const inner = withoutNull(schema)
  return schema.description ?? inner.description ?? inner.items?.description ?? ''
}

/** Padded, as the formatter wants it. */
function errorsTable(): string {
  const codes = Object.entries(RPC_ERROR_NUMBERS).map(([code, number]) => [String(number), `\`${code}\``])
  const rows = [['number', '`error.data.code`'], ...codes]
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => (row[i] as string).length)))
  const lines = rows.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] as number)).join(' | ')} |`)
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}
