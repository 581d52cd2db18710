import { decodePayload, encodePayload, type MessageContent } from '@status-protocol/mvds'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../src/parts.ts'
import type { OnlyAs } from '../src/tables.ts'

const content = (n: number): MessageContent => ({
  groupId: new Uint8Array(32).fill(9),
  timestampSeconds: 5n,
  body: Uint8Array.of(n),
})
const ack = new Uint8Array(32).fill(3)

async function parts(
  chosen: readonly (OnlyAs | 'free')[],
  { acks = [] as Uint8Array[], canRatchet = true } = {},
) {
  let asked = 0
  const bytes = encodePayload({ acks, offers: [], requests: [], messages: chosen.map((_, n) => content(n)) })
  const found = await partsOf(bytes, {
    find: async ({ body }) => {
      const onlyAs = chosen[body[0] as number]
      return { id: `id ${body[0]}` as never, onlyAs: onlyAs === 'free' ? undefined : onlyAs }
    },
    canRatchet: () => {
      asked++
      return canRatchet
    },
  })
  for (const { payload, sync } of found) {
    const decoded = decodePayload(payload)
    expect(decoded.ok && decoded.payload.messages.map(({ body }) => body)).toEqual(
      sync.messages.map(({ body }) => body),
    )
    expect(decoded.ok && decoded.payload.acks).toEqual(sync.acks)
  }
  return {
    asked,
    bytes,
    parts: found.map(({ mode, messageIds, sync }) => [mode, messageIds.join(), sync.acks.length]),
    found,
  }
}

describe('what goes out together to one person', () => {
  it('stays as it is where nothing was chosen', async () => {
    const { parts: all, found, bytes, asked } = await parts(['free', 'free'], { acks: [ack] })
    expect(all).toEqual([[undefined, 'id 0,id 1', 1]])
    expect(found[0]?.payload).toEqual(bytes)
    expect(asked).toBe(0)
  })
  it('is two where some of it is dh: acknowledgements with the other part', async () => {
    expect((await parts(['dh', 'free', 'ratchet'], { acks: [ack] })).parts).toEqual([
      [undefined, 'id 1,id 2', 1],
      ['dh', 'id 0', 0],
    ])
    expect((await parts(['dh', 'dh'])).parts).toEqual([['dh', 'id 0,id 1', 0]])
    expect((await parts(['dh'], { acks: [ack] })).parts).toEqual([
      [undefined, '', 1],
      ['dh', 'id 0', 0],
    ])
  })
  it('leaves out what is ratchet only while that cannot be', async () => {
    expect((await parts(['ratchet', 'free', 'dh'], { canRatchet: false })).parts).toEqual([
      [undefined, 'id 1', 0],
      ['dh', 'id 2', 0],
    ])
    expect((await parts(['ratchet'], { canRatchet: false })).parts).toEqual([])
  })
  it('is left alone where it is no data sync', async () => {
    const noise = Uint8Array.of(255, 255)
    const all = await partsOf(noise, { find: async () => undefined, canRatchet: () => true })
    expect(all).toMatchObject([{ payload: noise, messageIds: [], mode: undefined }])
  })
})
