/** What happened to each message on its way, put together from what all the processes tell. */
import type { TraceView } from '../serve/trace-feed.ts'

type Step<Type extends TraceView['type']> = Extract<TraceView, { type: Type }>

/** One message from the text to the acknowledgement. */
export interface Journey {
  readonly messageId: string
  readonly from: string
  /** A person, or `#name`. */
  readonly to: string
  readonly text: string
  readonly composed: Step<'composed'> | undefined
  readonly synced: Step<'synced'> | undefined
  /** Each envelope that the message went in: more than one if it was sent again. */
  readonly sendings: readonly Sending[]
  /** Person -> when an envelope with it was opened there first, and how secure it was. */
  readonly received: ReadonlyMap<string, { readonly atMs: number; readonly security: string }>
  readonly deliveredAtMs: number | undefined
}

export interface Sending {
  /** Absent in public messages: they have no session. */
  readonly encrypted: Step<'encrypted'> | undefined
  readonly posted: Step<'posted'>
}

interface Draft extends Omit<Journey, 'sendings' | 'received'> {
  composed: Step<'composed'> | undefined
  synced: Step<'synced'> | undefined
  encrypted: Step<'encrypted'>[]
  posted: Step<'posted'>[]
  received: Map<string, { atMs: number; security: string }>
  deliveredAtMs: number | undefined
}

export interface Travels {
  /** A message was handed to `chat.send`. */
  begin(message: { messageId: string; from: string; to: string; text: string }): void
  /** What `who` tells in a `trace` notification. */
  step(who: string, step: TraceView): void
  /** What `who` tells in a `delivery` notification. */
  delivery(messageId: string, state: string, atMs: number): void
  journey(messageId: string): Journey
  all(): readonly Journey[]
  /** Envelopes that people made, and how many of them hold acknowledgements alone. */
  envelopes(): { readonly count: number; readonly bytes: number; readonly acksOnly: number }
}

/** BOUNDED by what the story says. */
export function createTravels(): Travels {
  const drafts = new Map<string, Draft>()
  const posted: Step<'posted'>[] = []
  /** Steps may be told before the answer of `chat.send`, which begins the journey. */
  const draftOf = (messageId: string): Draft => {
    const draft = drafts.get(messageId) ?? {
      ...{ messageId, from: '', to: '', text: '' },
      ...{ composed: undefined, synced: undefined, encrypted: [], posted: [] },
      ...{ received: new Map(), deliveredAtMs: undefined },
    }
    drafts.set(messageId, draft)
    return draft
  }

  return {
    begin(message) {
      drafts.set(message.messageId, { ...draftOf(message.messageId), ...message })
    },
    step(who, step) {
      if (step.type === 'composed') draftOf(step.messageId).composed = step
      else if (step.type === 'synced') draftOf(step.messageId).synced = step
      else {
        if (step.type === 'posted') posted.push(step)
        for (const id of step.messageIds) add(draftOf(id), who, step)
      }
    },
    delivery(messageId, state, atMs) {
      if (state === 'delivered') draftOf(messageId).deliveredAtMs ??= atMs
    },
    journey: (messageId) => journeyOf(draftOf(messageId)),
    all: () => [...drafts.values()].map(journeyOf),
    envelopes: () => ({
      count: posted.length,
      bytes: posted.reduce((sum, { envelopeBytes = 0 }) => sum + envelopeBytes, 0),
      acksOnly: posted.filter(({ messageIds }) => messageIds.length === 0).length,
    }),
  }
}

function add(draft: Draft, who: string, step: Step<'encrypted' | 'posted' | 'received'>): void {
  if (step.type === 'encrypted') draft.encrypted.push(step)
  else if (step.type === 'posted') draft.posted.push(step)
  else if (!draft.received.has(who)) draft.received.set(who, { atMs: step.atMs, security: step.security })
}

/** Each envelope with the encryption that it carries: they come in the same order. */
function journeyOf({ encrypted, posted, ...draft }: Draft): Journey {
  return { ...draft, sendings: posted.map((step, i) => ({ posted: step, encrypted: encrypted[i] })) }
}
