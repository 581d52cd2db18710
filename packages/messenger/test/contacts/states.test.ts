/** Every edge between the states of two people, and the picture of them in docs/contacts.md. */
import { readFileSync } from 'node:fs'
import { CONTACT_EDGES, type ContactInput, type ContactState } from '@status-protocol/messenger'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { isAdded, nextContactState } from '../../src/contacts/states.ts'

const STATES = Object.keys(CONTACT_EDGES) as ContactState[]
const INPUTS: readonly ContactInput[] = ['request', 'accept', 'dismiss', 'ask', 'remove', 'block', 'unblock']

/** Written down a second time, as a person would tell it. */
const STORY: readonly (readonly [ContactState, ContactInput, ContactState])[] = [
  ['none', 'request', 'sent'],
  ['none', 'ask', 'received'],
  ['none', 'remove', 'none'],
  ['none', 'block', 'blocked'],
  ['sent', 'request', 'sent'],
  ['sent', 'ask', 'mutual'],
  ['sent', 'remove', 'none'],
  ['sent', 'block', 'blocked'],
  ['received', 'request', 'mutual'],
  ['received', 'accept', 'mutual'],
  ['received', 'dismiss', 'dismissed'],
  ['received', 'ask', 'received'],
  ['received', 'remove', 'dismissed'],
  ['received', 'block', 'blocked'],
  ['mutual', 'request', 'mutual'],
  ['mutual', 'ask', 'mutual'],
  ['mutual', 'remove', 'dismissed'],
  ['mutual', 'block', 'blocked'],
  ['dismissed', 'request', 'mutual'],
  ['dismissed', 'accept', 'mutual'],
  ['dismissed', 'ask', 'received'],
  ['dismissed', 'remove', 'dismissed'],
  ['dismissed', 'block', 'blocked'],
  ['blocked', 'block', 'blocked'],
  ['blocked', 'unblock', 'none'],
]

describe('the states of two people', () => {
  it.each(STORY)('%s, %s: %s', (from, input, to) => {
    expect(nextContactState(from, input)).toBe(to)
  })

  it('have no other edges', () => {
    const told = new Set(STORY.map(([from, input]) => `${from} ${input}`))
    for (const state of STATES)
      for (const input of INPUTS)
        if (!told.has(`${state} ${input}`))
          expect(nextContactState(state, input), `${state} ${input}`).toBeUndefined()
  })

  it('leave a block only by its end, and nobody is told of us unless we asked or agreed', () => {
    const random = seededRandom(3)
    for (let run = 0; run < 300; run++) {
      let [state, ours]: [ContactState, boolean] = ['none', false]
      for (let i = 0; i < 30; i++) {
        const input = random.pick(INPUTS)
        const next = nextContactState(state, input)
        if (!next) continue
        if (state === 'blocked') expect([input, next]).toContain(next === 'blocked' ? 'block' : 'unblock')
        if (input === 'request' || input === 'accept') ours = true
        if (input === 'remove' || input === 'block' || input === 'dismiss') ours = false
        expect(isAdded(next)).toBe(ours)
        state = next
      }
    }
  })

  it('are those of the picture in docs/contacts.md', () => {
    const page = readFileSync(new URL('../../../../docs/contacts.md', import.meta.url), 'utf8')
    const picture = /^```mermaid\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? ''
    const drawn = [...picture.matchAll(/^ *(\w+) --> (\w+): (.+)$/gm)].flatMap(([, from, to, inputs = '']) =>
      inputs.split(', ').map((input) => `${from} ${input} ${to}`),
    )
    const edges = STATES.flatMap((from) =>
      Object.entries(CONTACT_EDGES[from]).map(([input, to]) => `${from} ${input} ${to}`),
    )
    expect(drawn.sort()).toEqual(edges.sort())
  })
})
