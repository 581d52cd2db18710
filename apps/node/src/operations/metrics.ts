/**
 * What a node tells Prometheus. Everything but RPC latency is read from the parts when somebody asks, so that it costs
 * nothing while nobody does. No label names a topic, a peer or an address: whoever reads the metrics learns nothing about
 * who talks to whom.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { COUNTERS, type Declared, GAUGES, type MetricsSource, type Snapshot, snapshot } from './readings.ts'

/** Called by a JSON-RPC server when it has answered. */
export type OnCall = (method: string, milliseconds: number, outcome: string) => void

export interface Metrics {
  /** In Prometheus' text format. Who asks while another answer is being made gets that one. */
  text(): Promise<string>
  readonly contentType: string
  /** Of all series, those that histograms are made of too. */
  names(): readonly string[]
  readonly onCall: OnCall
  /** Called by a mailserver when it has written a batch, or answered a request. */
  readonly onMail: (what: 'write' | 'answer', milliseconds: number) => void
  /** Stops what measures by itself. */
  close(): void
}

/** Methods that have a label of their own; what comes after them is counted as `other`. */
export const MAX_MEASURED_METHODS = 128

const PREFIX = 'status_node_'
const RPC_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createMetrics(source: MetricsSource): Metrics {
  const registry = new Registry()
  let now = snapshot(source, undefined)
  for (const metric of [...GAUGES, ...COUNTERS]) register(registry, metric, () => now)
  const rpc = new Histogram({
    name: `${PREFIX}rpc_duration_seconds`,
    help: 'How long JSON-RPC calls took.',
    labelNames: ['method', 'outcome'],
    buckets: RPC_SECONDS,
    registers: [registry],
  })
  const mail = {
    write: new Histogram({
      name: `${PREFIX}archive_write_duration_seconds`,
      help: 'How long it took until envelopes that came together were durable, with the wait for others.',
      buckets: RPC_SECONDS,
      registers: [registry],
    }),
    answer: new Histogram({
      name: `${PREFIX}mail_answer_duration_seconds`,
      help: 'How long answers to requests for history took, sending included.',
      buckets: RPC_SECONDS,
      registers: [registry],
    }),
  }
  collectDefaultMetrics({ register: registry })

  /** BOUNDED by MAX_MEASURED_METHODS. */
  const methods = new Set<string>()
  let answer: Promise<string> | undefined
  return {
    contentType: registry.contentType,
    text() {
      answer ??= (async () => {
        now = snapshot(source, await source.mail())
        return registry.metrics()
      })().finally(() => {
        answer = undefined
      })
      return answer
    },
    names: () => registry.getMetricsAsArray().flatMap(({ name, type }) => seriesOf(name, String(type))),
    onCall(method, milliseconds, outcome) {
      if (methods.size < MAX_MEASURED_METHODS) methods.add(method)
      const label = methods.has(method) ? method : 'other'
      rpc.observe({ method: label, outcome: outcome === 'ok' ? 'ok' : 'error' }, milliseconds / 1000)
    },
    onMail: (what, milliseconds) => mail[what].observe(milliseconds / 1000),
    close: () => registry.clear(),
  }
}

function register(
  registry: Registry,
  { kind, name, help, label, read }: Declared,
  now: () => Snapshot,
): void {
  const common = { name: PREFIX + name, help, registers: [registry], ...(label && { labelNames: [label] }) }
  const each = (set: (labels: Record<string, string>, value: number) => void) => {
    const reading = read(now())
    if (typeof reading === 'number') set({}, reading)
    else for (const [value, count] of Object.entries(reading)) set({ [label ?? '']: value }, count)
  }
  if (kind === 'gauge')
    new Gauge({
      ...common,
      collect() {
        this.reset()
        each((labels, value) => this.set(labels, value))
      },
    })
  else
    new Counter({
      ...common,
      collect() {
        this.reset() // prom-client's counters can only be added to; ours are counted elsewhere
        each((labels, value) => this.inc(labels, value))
      },
    })
}

function seriesOf(name: string, type: string): readonly string[] {
  return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]
}
