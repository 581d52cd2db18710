/** The generated parts of docs/cli-rpc.md: between `<!-- NAME -->` and `<!-- /NAME -->`. See cli-rpc.mjs. */
import { z } from 'zod'
import { MESSAGE, NOTIFICATIONS } from '../apps/cli/src/serve/notifications.ts'
import { ROUTES } from '../apps/cli/src/serve/routes.ts'
import { fieldsOf, type Schema, section, typeText, writePage } from './lib/rpc-page.ts'

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

writePage(
  new URL('../docs/cli-rpc.md', import.meta.url),
  {
    methods: methods.join('\n\n'),
    notifications: notifications.join('\n\n'),
    message: fieldsOf(schemaOf(MESSAGE)),
  },
  'apps/cli/src/serve: run node scripts/cli-rpc.mjs',
)
