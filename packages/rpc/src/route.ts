import type { z } from 'zod'

/**
 * One method, declared once: the server checks its parameters, the client takes its types, the documentation its words.
 * Parameters are by name (an object).
 */
export interface Route<Params extends z.ZodType = z.ZodType, Result extends z.ZodType = z.ZodType> {
  /** One sentence for the reference. */
  readonly summary: string
  readonly params: Params
  readonly result: Result
}

export type Routes = Readonly<Record<string, Route>>

/** Keeps the exact types of one declaration. */
export function route<Params extends z.ZodType, Result extends z.ZodType>(
  declaration: Route<Params, Result>,
): Route<Params, Result> {
  return declaration
}

/** What a server needs for `routes`: one function a method. */
export type Handlers<R extends Routes> = {
  readonly [Method in keyof R]: (
    params: z.output<R[Method]['params']>,
  ) => Promise<z.input<R[Method]['result']>> | z.input<R[Method]['result']>
}

/** What a client offers for `routes`. */
export type Client<R extends Routes> = {
  readonly [Method in keyof R]: (
    params: z.input<R[Method]['params']>,
  ) => Promise<z.output<R[Method]['result']>>
}
