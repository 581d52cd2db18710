/** The `shhext` namespace of status-go: what its mobile client used beside `shh`. */
import { z } from 'zod'
import { route } from '../route.ts'
import { enode, hexText, id, optional, topic } from './schemas.ts'
import { NEW_MESSAGE } from './shh.ts'

const uint32 = z.number().int().min(0).max(0xffff_ffff)

const MESSAGES_REQUEST = z.object({
  mailServerPeer: enode.meta({ description: 'a connected peer that keeps history' }),
  from: optional(uint32).meta({ description: 'Unix seconds, inclusive; 0 or none: a day before `to`' }),
  to: optional(uint32).meta({ description: 'Unix seconds, inclusive; 0 or none: now' }),
  limit: optional(uint32).meta({ description: 'envelopes in one page; 0: as the server likes' }),
  cursor: optional(z.string().max(128)).meta({ description: 'where the page before ended, hex without 0x' }),
  topic: optional(topic).meta({ description: 'of old; `topics` wins' }),
  topics: optional(z.array(topic).max(5_000)),
  symKeyID: optional(id).meta({
    description: 'the password of the server, as clients of Status have it; none: asks in clear',
  }),
  timeout: optional(z.number().min(0)).meta({ description: 'seconds; default 10' }),
  force: optional(z.boolean()).meta({
    description: 'also within 3 seconds of a request for the same topics',
  }),
})
export type MessagesRequest = z.output<typeof MESSAGES_REQUEST>

const RETRIES = z.object({
  BaseTimeout: optional(z.number().min(0)).meta({ description: 'nanoseconds of the first attempt' }),
  StepTimeout: optional(z.number().min(0)).meta({ description: 'nanoseconds more with each attempt' }),
  MaxRetries: optional(z.number().int().min(0).max(10)),
})
export type RetryConfig = z.output<typeof RETRIES>

export const SHHEXT_ROUTES = {
  shhext_post: route({
    summary: 'As shh_post.',
    params: z.tuple([NEW_MESSAGE]),
    names: ['message'],
    result: hexText,
  }),
  shhext_requestMessages: route({
    summary:
      'Asks a mail server for history, which filters with allowP2P get. Gives the id of the request and does not wait.',
    params: z.tuple([MESSAGES_REQUEST]),
    names: ['request'],
    result: hexText,
  }),
  shhext_requestMessagesSync: route({
    summary:
      'As shhext_requestMessages, and waits until the server is done; asks again when it does not answer.',
    params: z.tuple([RETRIES, MESSAGES_REQUEST]),
    names: ['retries', 'request'],
    result: z.object({
      cursor: z.string().meta({ description: 'hex without 0x; empty: this was the last page' }),
      error: z.string().nullable(),
    }),
  }),
}

const ENVELOPE_EVENT = z.object({
  hash: hexText,
  event: z.enum(['envelope.sent', 'envelope.expired']).meta({
    description: 'a peer has it (once for each), or it expired before one did',
  }),
  peer: hexText.optional().meta({ description: 'who has it, 64 bytes, if known' }),
})

export const SHHEXT_SUBSCRIPTIONS = {
  envelopes: route({
    summary: 'What becomes of what is posted on this node. Not in status-go, which tells its host process.',
    params: z.tuple([]),
    names: [],
    result: ENVELOPE_EVENT,
  }),
}
