import { to0xHex } from '@status-protocol/bytes'
import type { Handlers, SubscriptionHandlers } from '../route.ts'
import type { MailRequests } from './mail-requests.ts'
import { post, type ShhContext } from './shh-handlers.ts'
import type { SHHEXT_ROUTES, SHHEXT_SUBSCRIPTIONS } from './shhext.ts'

export interface ShhextContext extends ShhContext {
  readonly mailRequests: MailRequests
}

export function shhextHandlers(context: ShhextContext): Handlers<typeof SHHEXT_ROUTES> {
  const { whisper, mailRequests } = context
  return {
    shhext_post: ([message], { signal }) => post(context, message, signal),
    shhext_requestMessages: async ([request]) => to0xHex(await mailRequests.send(whisper, request)),
    shhext_requestMessagesSync: ([retries, request], { signal }) =>
      mailRequests.sendAndWait(whisper, retries, { request, signal }),
  }
}

export function shhextSubscriptionHandlers({
  whisper,
}: ShhextContext): SubscriptionHandlers<{ readonly shhext: typeof SHHEXT_SUBSCRIPTIONS }>['shhext'] {
  return {
    envelopes: (_params, emit) => {
      const news = whisper.service.status()
      void (async () => {
        for await (const { hash, state, peerId } of news)
          emit({
            hash: to0xHex(hash),
            event: state === 'confirmed' ? 'envelope.sent' : 'envelope.expired',
            ...(peerId ? { peer: to0xHex(peerId) } : {}),
          })
      })().catch(() => undefined)
      return () => void news.return?.()
    },
  }
}
