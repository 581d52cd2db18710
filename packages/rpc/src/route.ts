import type { z } from 'zod'

/**
 * One method, declared once: the server checks its parameters, the client takes its types, the documentation its words.
 *
 * Parameters are by name (`params` is an object) or by position (`params` is a tuple, and `names` says what to call its
 * elements).
 */
export interface Route<Params extends z.ZodType = z.ZodType, Result extends z.ZodType = z.ZodType> {
  /** One sentence for the reference. */
  readonly summary: string
  readonly params: Params
  /** Of parameters by position: as many as there are. */
  readonly names?: readonly string[]
  readonly result: Result
}

export type Routes = Readonly<Record<string, Route>>

/** Keeps the exact types of one declaration. */
export function route<Params extends z.ZodType, Result extends z.ZodType>(
  declaration: Route<Params, Result>,
): Route<Params, Result> {
  return declaration
}

/**
 * What can be subscribed to: `NAMESPACE_subscribe` with the name and `params` answers with an id, `NAMESPACE_subscription`
 * notifications carry it and a `result`, `NAMESPACE_unsubscribe` with the id ends it. Here `result` is what one of them says.
 */
export type SubscriptionRoutes = Readonly<Record<string, Readonly<Record<string, Route>>>>

/** What a server knows of who asks. */
export interface RpcCaller {
  /** `http`, `ws`, `ipc`, or what the server's owner calls it. */
  readonly transport: string
  /** Fires when they are gone and nobody waits for the answer; long work ought to end then. Absent: that is not known. */
  readonly signal?: AbortSignal
}

/** What a server needs for `routes`: one function a method. */
export type Handlers<R extends Routes> = {
  readonly [Method in keyof R]: (
    params: z.output<R[Method]['params']>,
    caller: RpcCaller,
  ) => Promise<z.input<R[Method]['result']>> | z.input<R[Method]['result']>
}

/**
 * What a server needs for subscriptions: a function that begins to call `emit` for what there is to tell, and returns how
 * to end it. It may be ended before the first `emit` and is ended once.
 */
export type SubscriptionHandlers<S extends SubscriptionRoutes> = {
  readonly [Namespace in keyof S]: {
    readonly [Name in keyof S[Namespace]]: (
      params: z.output<S[Namespace][Name]['params']>,
      emit: (result: z.input<S[Namespace][Name]['result']>) => void,
      caller: RpcCaller,
    ) => (() => void) | Promise<() => void>
  }
}

/** What a client offers for `routes`. */
export type Client<R extends Routes> = {
  readonly [Method in keyof R]: (
    params: z.input<R[Method]['params']>,
  ) => Promise<z.output<R[Method]['result']>>
}
