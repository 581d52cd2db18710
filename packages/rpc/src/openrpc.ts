/** An OpenRPC document (https://spec.open-rpc.org) of routes, from their declarations. */
import { z } from 'zod'
import type { Route, Routes, SubscriptionRoutes } from './route.ts'

export interface OpenRpcOptions {
  readonly title: string
  readonly version: string
  readonly subscriptions?: SubscriptionRoutes
  /** Which methods are in it. Default: all. */
  isAvailable?(method: string): boolean
}

export interface OpenRpcDocument {
  readonly openrpc: string
  readonly info: { readonly title: string; readonly version: string }
  readonly methods: readonly OpenRpcMethod[]
}

export interface OpenRpcMethod {
  readonly name: string
  readonly summary: string
  readonly paramStructure: 'by-name' | 'by-position'
  readonly params: readonly OpenRpcValue[]
  readonly result: { readonly name: string; readonly schema: object }
}

export interface OpenRpcValue {
  readonly name: string
  readonly required: boolean
  readonly schema: object
}

const ID = { type: 'string', description: 'id of the subscription' }

export function openRpcDocument(routes: Routes, options: OpenRpcOptions): OpenRpcDocument {
  const { title, version, subscriptions = {}, isAvailable = () => true } = options
  const methods = [
    ...Object.entries(routes).map(([name, route]) => methodOf(name, route)),
    ...Object.entries(subscriptions).flatMap(([namespace, all]) => subscriptionMethods(namespace, all)),
  ].filter(({ name }) => isAvailable(name))
  return { openrpc: '1.3.2', info: { title, version }, methods }
}

/** JSON Schema of what goes over the wire. */
export function schemaOf(type: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' })
  return schema
}

/** Those that there are names for, in their order. */
export function parametersOf(route: Route): readonly OpenRpcValue[] {
  const { params, names } = route
  if (names) {
    const items = (params as Partial<z.ZodTuple>).def?.items ?? []
    return names.map((name, i) => parameterOf(name, items[i] as z.ZodType))
  }
  const shape = (params as Partial<z.ZodObject>).def?.shape ?? {}
  return Object.entries(shape).map(([name, type]) => parameterOf(name, type as z.ZodType))
}

function parameterOf(name: string, type: z.ZodType): OpenRpcValue {
  return { name, required: !type.safeParse(undefined).success, schema: schemaOf(type) }
}

function methodOf(name: string, route: Route): OpenRpcMethod {
  return {
    name,
    summary: route.summary,
    paramStructure: route.names ? 'by-position' : 'by-name',
    params: parametersOf(route),
    result: { name: 'result', schema: schemaOf(route.result) },
  }
}

function subscriptionMethods(
  namespace: string,
  all: Readonly<Record<string, Route>>,
): readonly OpenRpcMethod[] {
  const names = Object.keys(all)
  const about = Object.entries(all).map(([name, { summary }]) => `${name}: ${summary}`)
  const paramStructure = 'by-position'
  return [
    {
      name: `${namespace}_subscribe`,
      summary: `Tells of what happens in ${namespace}_subscription notifications. ${about.join(' ')}`,
      paramStructure,
      params: [
        { name: 'name', required: true, schema: { enum: names } },
        ...Object.values(all).flatMap((route) =>
          parametersOf(route).map((value) => ({ ...value, required: value.required && names.length === 1 })),
        ),
      ],
      result: { name: 'result', schema: ID },
    },
    {
      name: `${namespace}_unsubscribe`,
      summary: 'Ends a subscription of this connection.',
      paramStructure,
      params: [{ name: 'id', required: true, schema: ID }],
      result: { name: 'result', schema: { type: 'boolean' } },
    },
  ]
}
