import { toHex } from '@status-protocol/bytes'
import { topicOfText } from '@status-protocol/whisper'
import { describe, expect, it } from 'vitest'
import { decoyTopics, MAX_DECOYS } from '../src/decoys.ts'
import { settingsFrom } from '../src/settings.ts'

const key = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const texts = (byte: number, count: number): string[] => decoyTopics(key(byte), count).map(toHex)

describe('topics of nobody', () => {
  it('are always the same of an account, and others of another one', () => {
    expect(decoyTopics(key(1), 0)).toEqual([])
    expect(texts(1, 50)).toEqual(texts(1, 50))
    expect(texts(1, 50).slice(0, 20)).toEqual(texts(1, 20))
    expect(new Set([...texts(1, MAX_DECOYS), ...texts(2, MAX_DECOYS)]).size).toBeGreaterThan(1.9 * MAX_DECOYS)
  })

  it('are by turns those of other people and what the topic of two people could be', () => {
    const partitions = new Set(
      Array.from({ length: 5_000 }, (_, n) => toHex(topicOfText(`contact-discovery-${n}`))),
    )
    const isPartition = texts(3, 40).map((topic) => partitions.has(topic))
    expect(isPartition).toEqual(Array.from({ length: 40 }, (_, at) => at % 2 === 0))
  })
})

describe('flags for mailservers', () => {
  const enode = (n: number): string => `enode://${`0${n}`.repeat(64)}@127.0.0.1:3030${n}`

  it('have defaults that cost nothing', () => {
    expect(settingsFrom({}, {})).toMatchObject({ mailCopies: 1, mailDecoys: 0 })
    expect(settingsFrom({ mailCopies: 2, mailDecoys: 50 }, {})).toMatchObject({
      mailCopies: 2,
      mailDecoys: 50,
    })
  })

  it('do not ask for more answers than there are mailservers', () => {
    expect(() => settingsFrom({ mailserver: [enode(1)], mailCopies: 2 }, {})).toThrow(
      '--mail-copies 2: expected as many --mailserver, got 1',
    )
  })
})
