/** The demonstration in words, and as JSON lines. */
import type { Journey, Sending } from './journey.ts'
import type { Stage } from './stage.ts'
import type { Narrator } from './story.ts'

export interface Summary {
  /** Since this process was started. */
  readonly durationMs: number
  readonly journeys: readonly Journey[]
  readonly envelopes: { readonly count: number; readonly bytes: number; readonly acksOnly: number }
}

export interface Reporter extends Narrator {
  summary(summary: Summary): void
  /** Beside the line on standard error. */
  failed(reason: string): void
}

type Print = (line: string) => void

export function createTextReporter(print: Print): Reporter {
  return {
    chapter: (title) => print(`\n== ${title}`),
    remark: (text) => print(`\n-- ${text}`),
    people(stage) {
      print(`relay  ${stage.relay.enode.replace(/^(enode:\/\/.{8}).*@/, '$1...@')}`)
      for (const { name, publicKey, threeWordName } of peopleOf(stage))
        print(`${name.padEnd(5)}  ${threeWordName}, ${short(publicKey)}`)
    },
    message: (journey) => print(`\n${textOf(journey).join('\n')}`),
    summary: (summary) => print(`\n${summaryText(summary)}`),
    failed: () => undefined,
  }
}

export function createJsonReporter(print: Print): Reporter {
  const line = (event: string, fields: object): void => print(JSON.stringify({ event, ...fields }))
  return {
    chapter: (title) => line('chapter', { title }),
    remark: (text) => line('remark', { text }),
    people: (stage) => line('ready', { enode: stage.relay.enode, people: peopleOf(stage) }),
    message: (journey) => line('message', viewOf(journey)),
    summary: ({ durationMs, journeys, envelopes }) =>
      line('summary', { ok: true, messages: journeys.length, durationMs, envelopes, ...delays(journeys) }),
    failed: (reason) => line('summary', { ok: false, reason }),
  }
}

function peopleOf(stage: Stage) {
  return ['alice', 'bob', 'carol'].map((each) => {
    const { name, publicKey, threeWordName } = stage.actor(each)
    return { name, publicKey, threeWordName }
  })
}

function textOf(journey: Journey): string[] {
  const { from, to, text, composed, synced, sendings, messageId } = journey
  const [first] = sendings
  return [
    `${from} -> ${to}: ${text}`,
    row('payload', [
      `${composed?.textBytes} B of text in a signed wrapper of ${composed?.wrapperBytes} B`,
      `message id ${short(messageId)}`,
    ]),
    ...(synced
      ? [row('data sync', [`MVDS id ${short(synced.syncId)}`, `payload of ${first?.encrypted?.syncBytes} B`])]
      : []),
    ...sendings.flatMap((sending, i) => sendingText(sending, i === 0 ? undefined : first)),
    row('arrival', arrivals(journey)),
  ]
}

function sendingText({ encrypted, posted }: Sending, first: Sending | undefined): string[] {
  const again = first ? `again after ${seconds(posted.atMs - first.posted.atMs)}: ` : ''
  const session = encrypted
    ? [
        row('session', [
          `${again}${SESSIONS[encrypted.session]}`,
          `ProtocolMessage of ${encrypted.protocolMessageBytes} B`,
        ]),
      ]
    : []
  return [
    ...session,
    row('whisper', [
      `${encrypted ? '' : again}topic ${posted.topic} (${posted.way})`,
      `envelope ${short(posted.envelope)} of ${posted.envelopeBytes ?? '?'} B`,
      `PoW ${posted.pow?.toPrecision(3) ?? '?'} (target ${posted.powTarget})`,
    ]),
  ]
}

const SESSIONS = {
  dh: 'dh, no keys of theirs are known yet: no forward secrecy',
  x3dh: 'X3DH begins it, double ratchet',
  ratchet: 'double ratchet',
} as const

function arrivals({ from, composed, received, deliveredAtMs }: Journey): string[] {
  const sentAtMs = composed?.atMs ?? 0
  const read = [...received].map(
    ([name, { atMs, security }]) => `${name} read it after ${atMs - sentAtMs} ms (${security})`,
  )
  return deliveredAtMs === undefined ? read : [...read, `${from} knows after ${deliveredAtMs - sentAtMs} ms`]
}

function viewOf(journey: Journey): object {
  const { received, composed, deliveredAtMs, ...rest } = journey
  const sentAtMs = composed?.atMs ?? 0
  return {
    ...rest,
    composed,
    received: [...received].map(([by, { atMs, security }]) => ({ by, security, afterMs: atMs - sentAtMs })),
    ...(deliveredAtMs === undefined ? {} : { deliveredAfterMs: deliveredAtMs - sentAtMs }),
  }
}

function summaryText({ durationMs, journeys, envelopes }: Summary): string {
  const privately = journeys.filter(({ to }) => !to.startsWith('#'))
  const { medianReceiveMs, medianDeliveredMs } = delays(journeys)
  return [
    `All ${journeys.length} messages arrived, each once, listed in one order by everybody: ${privately.length} private, ${journeys.length - privately.length} public.`,
    `${envelopes.count} envelopes of ${envelopes.bytes} B together, ${envelopes.acksOnly} of them acknowledgements alone.`,
    `Median from send to receive ${medianReceiveMs} ms, to delivered ${medianDeliveredMs} ms. ${seconds(durationMs)} in all.`,
  ].join('\n')
}

function delays(journeys: readonly Journey[]) {
  const since = ({ composed }: Journey, atMs: number): number => atMs - (composed?.atMs ?? 0)
  return {
    medianReceiveMs: median(
      journeys.flatMap((j) => [...j.received.values()].map(({ atMs }) => since(j, atMs))),
    ),
    medianDeliveredMs: median(
      journeys.flatMap((j) => (j.deliveredAtMs === undefined ? [] : [since(j, j.deliveredAtMs)])),
    ),
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

const short = (hex: string): string => `${hex.slice(0, 10)}...`
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const row = (layer: string, facts: readonly string[]): string => `  ${layer.padEnd(10)} ${facts.join(', ')}`
