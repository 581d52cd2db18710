/** The values that methods take and give, in the forms of geth. */
import { BytesError, fromHex } from '@status-protocol/bytes'
import { z } from 'zod'

/** Ids of keys and filters: what a node gives out has 64 hex digits without 0x. */
export const id = z.string().max(256)

/** `0x` and pairs of hex digits. Nothing at all is no bytes. */
export function bytes(
  maxBytes: number,
  description = `bytes, at most ${maxBytes}: 0x and hex`,
): z.ZodPipe<z.ZodString, z.ZodTransform<Uint8Array, string>> {
  return z
    .string()
    .max(2 + 2 * maxBytes)
    .meta({ description })
    .transform((text, context) => parsed(text, context))
}

export function bytesOf(
  length: number,
  description: string,
): z.ZodPipe<z.ZodString, z.ZodTransform<Uint8Array, string>> {
  return z
    .string()
    .max(1024)
    .meta({ description: `${description}: 0x and ${2 * length} hex digits` })
    .transform((text, context) => {
      const value = parsed(text, context)
      if (value !== z.NEVER && value.length !== length)
        context.addIssue(`hex string has length ${2 * value.length}, want ${2 * length}`)
      return value
    })
}

function parsed(text: string, context: z.RefinementCtx<string>): Uint8Array {
  if (text === '') return new Uint8Array(0)
  if (!/^0[xX]/.test(text)) {
    context.addIssue('hex string without 0x prefix')
    return z.NEVER
  }
  try {
    return fromHex(text)
  } catch (error) {
    context.addIssue(error instanceof BytesError ? error.message : 'invalid hex string')
    return z.NEVER
  }
}

export const topic = bytesOf(4, 'topic')

/** What comes back: text in its form. */
export const hexText: z.ZodString = z.string().meta({ description: '0x and hex digits' })
export const yes: z.ZodBoolean = z.boolean().meta({ description: 'true, or there is an error' })
export const enode: z.ZodString = z
  .string()
  .max(512)
  .meta({ description: 'enode://<128 hex digits>@<ip>:<port>' })

/** What need not be given; `null` counts as not given. */
export function optional<T extends z.ZodType>(type: T): z.ZodOptional<z.ZodNullable<T>> {
  return type.nullish()
}

/** Of a list of names in a route without parameters. */
export const none: z.ZodTuple<[], null> = z.tuple([])
