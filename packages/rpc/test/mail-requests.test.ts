/** Requests for history on links whose time is not the answer's. */
import { seededRandom, virtualClock } from '@status-protocol/testkit'
import { decodeHistoryRequest, type Whisper } from '@status-protocol/whisper'
import { expect, it } from 'vitest'
import { MailRequests } from '../src/api/mail-requests.ts'

const peerId = new Uint8Array(64).fill(7)

function asking(send: (requestId: Uint8Array, requests: MailRequests) => boolean) {
  const clock = virtualClock()
  const timers = new Set<() => void>()
  const scheduler = {
    schedule(delayMs: number, task: () => void) {
      const cancel = clock.schedule(delayMs, task)
      timers.add(cancel)
      return () => {
        timers.delete(cancel)
        cancel()
      }
    },
  }
  const requests = new MailRequests({
    ...{ clock, scheduler, random: seededRandom(1), peerIdOf: () => peerId },
  })
  const peer = {
    peerId,
    async send(_code: number, body: Uint8Array) {
      const request = decodeHistoryRequest(body)
      return request.type === 'plain' && send(request.request.id, requests)
    },
  }
  const whisper = { peers: () => [peer], trust: () => true } as Partial<
    Record<keyof Whisper, unknown>
  > as Whisper
  const answer = requests.sendAndWait(
    whisper,
    { MaxRetries: 0 },
    { request: { mailServerPeer: 'enode://' } as never },
  )
  return { answer, clock, timers }
}

it('an answer that comes before the link has said that it took the request is one', async () => {
  const { answer, clock } = asking((requestId, requests) => {
    requests.completed({ type: 'done', requestId, lastEnvelopeHash: new Uint8Array(32) as never })
    return true
  })
  const settled = answer.catch((error: Error) => error.message)
  await clock.advance(60_000)
  expect(await settled).toEqual({ cursor: '', error: null })
})

it('nobody waits for a request that the link did not take', async () => {
  const { answer, timers } = asking(() => false)
  await expect(answer).rejects.toMatchObject({ message: 'the peer has gone' })
  expect(timers.size).toBe(0)
})
