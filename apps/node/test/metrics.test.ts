import { readFileSync } from 'node:fs'
import { createHost } from '@status-protocol/p2p-devp2p'
import { createWhisper } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { createMetrics, MAX_MEASURED_METHODS, type Metrics } from '../src/operations/metrics.ts'
import type { MetricsSource } from '../src/operations/readings.ts'
import { newKey } from './peers.ts'
import { parsePrometheusText, seriesOf } from './prometheus-text.ts'
import { metricNamesIn } from './promql.ts'

const made: Metrics[] = []
afterEach(() => {
  for (const metrics of made.splice(0)) metrics.close()
})

const whisper = createWhisper()
const idle = whisper.stats()
const host = await createHost({ nodeKey: newKey(), subprotocols: [whisper.subprotocol] })
const resting = host.stats()
await host.close()

function metrics(source: Partial<MetricsSource> = {}): Metrics {
  const one = createMetrics({
    version: '1.2.3',
    whisper: () => idle,
    clock: () => whisper.clock(),
    host: () => ({
      ...{ ...resting, pendingInbound: 4, failedInbound: 2 },
      refused: { ...resting.refused, 'too-soon': 3 },
    }),
    peers: () => ({ inbound: 1, outbound: 2 }),
    filteredBytes: () => 77,
    traced: () => undefined,
    search: () => undefined,
    mail: async () => undefined,
    ...source,
  })
  made.push(one)
  return one
}

describe('/metrics', () => {
  it('is in Prometheus text format, everything there from the start', async () => {
    const families = parsePrometheusText(await metrics().text())
    expect(families.get('status_node_envelopes_refused_total')?.series).toEqual(
      new Map(
        Object.keys(idle.refusals).map((r) => [`status_node_envelopes_refused_total{reason="${r}"}`, 0]),
      ),
    )
    expect(
      families.get('process_resident_memory_bytes')?.series.get('process_resident_memory_bytes'),
    ).toBeGreaterThan(1e6)
    expect([...families.keys()]).toEqual(
      expect.arrayContaining([
        'nodejs_eventloop_lag_p99_seconds',
        'process_cpu_seconds_total',
        'process_open_fds',
      ]),
    )
    for (const [name, { type }] of families)
      if (name.startsWith('status_node')) expect(name.endsWith('_total')).toBe(type === 'counter')
  })

  it('has what a search for peers finds, what a mailserver does, and how long that takes', async () => {
    const mail = {
      ...{ envelopes: 7, bytes: 700, stored: 8, known: 2, answered: 3, answeredEnvelopes: 30 },
      ...{ answeredBytes: 3_000, refused: 1, givenUp: 4, pruned: 1, failures: 0, waiting: 5, lost: 6 },
    }
    const udp = { received: 9, sent: 8, flooded: 3, unreadable: 2, unproven: 1, nodes: 5 }
    const search = { known: 40, wanted: 17, up: 9, udp }
    const asked = metrics({ mail: async () => mail, search: () => search })
    asked.onMail('write', 30)
    asked.onMail('answer', 2_000)
    const series = seriesOf(await asked.text())
    const expected = {
      ...{ known_peers: 40, 'sought_links{state="wanted"}': 17, 'sought_links{state="up"}': 9 },
      ...{ discovery_nodes: 5, 'discovery_packets_total{state="flooded"}': 3 },
      ...{ archive_envelopes: 7, archive_bytes: 700, archive_envelopes_stored_total: 8 },
      ...{ archive_envelopes_known_total: 2, archive_envelopes_pruned_total: 1, archive_failures_total: 0 },
      ...{ archive_waiting_envelopes: 5, archive_envelopes_lost_total: 6 },
      ...{ 'mail_requests_total{outcome="answered"}': 3, 'mail_requests_total{outcome="refused"}': 1 },
      ...{ 'mail_requests_total{outcome="given-up"}': 4, mail_envelopes_sent_total: 30 },
      ...{ mail_bytes_sent_total: 3_000, 'archive_write_duration_seconds_bucket{le="0.025"}': 0 },
      ...{ 'archive_write_duration_seconds_bucket{le="0.05"}': 1, mail_answer_duration_seconds_sum: 2 },
    }
    const seen = Object.keys(expected).map((name) => [name, series.get(`status_node_${name}`)])
    expect(Object.fromEntries(seen)).toEqual(expected)
  })

  it('says what the parts say, anew each time', async () => {
    let stats = idle
    const asked = metrics({ whisper: () => stats, traced: () => 7 })
    await asked.text()
    stats = {
      ...idle,
      envelopesReceived: 10,
      envelopesKnown: 4,
      envelopesExpired: 2,
      poolEnvelopes: 5,
      poolBytes: 1234,
      waitingPackets: 6,
      refusals: { ...idle.refusals, 'low-pow': 3 },
      traffic: [
        { code: 1, packetsReceived: 2, bytesReceived: 200, packetsSent: 1, bytesSent: 100 },
        { code: 90, packetsReceived: 1, bytesReceived: 1, packetsSent: 0, bytesSent: 0 },
        { code: 91, packetsReceived: 1, bytesReceived: 1, packetsSent: 0, bytesSent: 0 },
      ],
    }
    const series = seriesOf(await asked.text())
    const expected = {
      'info{version="1.2.3"}': 1,
      'peers{direction="inbound"}': 1,
      'peers{direction="outbound"}': 2,
      'connections_pending{direction="inbound"}': 4,
      'connections_refused_total{reason="too-soon"}': 3,
      connections_failed_total: 2,
      envelopes_received_total: 10,
      envelopes_duplicate_total: 4,
      envelopes_expired_total: 2,
      'envelopes_refused_total{reason="low-pow"}': 3,
      pool_envelopes: 5,
      pool_bytes: 1234,
      'queue_items{queue="send"}': 6,
      'queue_bytes{queue="filter"}': 77,
      'bytes_received_total{packet="messages"}': 200,
      'bytes_sent_total{packet="messages"}': 100,
      'packets_received_total{packet="unknown"}': 2,
      'packets_received_total{packet="batch-acknowledged"}': 0,
      traced_steps: 7,
    }
    for (const [name, value] of Object.entries(expected))
      expect(series.get(`status_node_${name}`), name).toBe(value)
    stats = { ...stats, envelopesReceived: 11 }
    expect(seriesOf(await asked.text()).get('status_node_envelopes_received_total')).toBe(11)
  })

  it('says what peers say about the clock', async () => {
    const silent = seriesOf(await metrics().text())
    expect(silent.get('status_node_clock_offset_seconds')).toBeNaN()
    expect(silent.get('status_node_clock_correction_seconds')).toBe(0)
    const vote = {
      ...{ peerId: new Uint8Array(64), network: '192.0.2', lowSeconds: 7, highSeconds: 9, evidence: 3 },
      ...{ freshSeconds: undefined, agrees: true },
    }
    const clock = () => ({
      ...{ offsetSeconds: 8, correctionSeconds: 5, votes: [vote, vote, { ...vote, agrees: false }] },
    })
    const series = seriesOf(await metrics({ clock }).text())
    expect(series.get('status_node_clock_offset_seconds')).toBe(8)
    expect(series.get('status_node_clock_correction_seconds')).toBe(5)
    expect(series.get('status_node_clock_votes{vote="agree"}')).toBe(2)
    expect(series.get('status_node_clock_votes{vote="differ"}')).toBe(1)
  })

  it('asks the parts once for all who ask at the same time', async () => {
    let asked = 0
    const one = metrics({
      whisper: () => {
        asked++
        return idle
      },
    })
    const before = asked
    const answers = await Promise.all(Array.from({ length: 50 }, () => one.text()))
    expect(new Set(answers).size).toBe(1)
    expect(asked - before).toBe(1)
  })

  it('has how long JSON-RPC calls took, by method and outcome, for a bounded number of methods', async () => {
    const one = metrics()
    one.onCall('shh_post', 30, 'ok')
    one.onCall('shh_post', 3, 'ok')
    one.onCall('shh_post', 3000, 'invalid-params')
    for (let i = 0; i < 1000; i++) one.onCall(`made up ${i}`, 1, 'error')
    const name = 'status_node_rpc_duration_seconds'
    const family = parsePrometheusText(await one.text()).get(name)
    expect(family?.type).toBe('histogram')
    const at = (series: string) => family?.series.get(name + series)
    expect(at('_count{method="shh_post",outcome="ok"}')).toBe(2)
    expect(at('_sum{method="shh_post",outcome="ok"}')).toBeCloseTo(0.033)
    expect(at('_bucket{le="0.005",method="shh_post",outcome="ok"}')).toBe(1)
    expect(at('_bucket{le="+Inf",method="shh_post",outcome="ok"}')).toBe(2)
    expect(at('_count{method="shh_post",outcome="error"}')).toBe(1)
    expect(at('_count{method="other",outcome="error"}')).toBe(1000 - (MAX_MEASURED_METHODS - 1))
    const methods = new Set(
      [...(family?.series.keys() ?? [])].map((key) => /method="([^"]*)"/.exec(key)?.[1]),
    )
    expect(methods.size).toBe(MAX_MEASURED_METHODS + 1)
  })

  it('has no label for topics, peers or addresses', async () => {
    const text = await metrics().text()
    const labels = new Set([...text.matchAll(/[{,]([a-z_]+)="/g)].map(([, label]) => label))
    const ours = [
      'version',
      'direction',
      'queue',
      'reason',
      'cause',
      'packet',
      'method',
      'outcome',
      'vote',
      'state',
    ]
    const nodes = ['le', 'kind', 'space', 'type', 'major', 'minor', 'patch', 'quantile']
    expect([...labels].filter((label) => ![...ours, ...nodes].includes(label ?? ''))).toEqual([])
  })
})

interface Panel {
  readonly title?: string
  readonly type: string
  readonly panels?: readonly Panel[]
  readonly targets?: readonly { readonly expr: string }[]
}

describe('the Grafana dashboard', () => {
  const dashboard = JSON.parse(
    readFileSync(new URL('../grafana/status-node.json', import.meta.url), 'utf8'),
  ) as {
    readonly panels: readonly Panel[]
    readonly templating: { readonly list: readonly { query?: unknown }[] }
  }
  const panels = dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])])
  const queries = panels.flatMap(({ title, targets }) =>
    (targets ?? []).map(({ expr }) => [title, expr] as const),
  )

  it('has queries in every panel that shows something', () => {
    expect(queries.length).toBeGreaterThan(15)
    for (const { type, title, targets } of panels)
      if (type !== 'row' && type !== 'text') expect(targets?.length, title).toBeGreaterThan(0)
  })

  it.each(queries)('%s: %s asks for metrics that there are', (_title, expr) => {
    const names = metricNamesIn(expr)
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !metrics().names().includes(name))).toEqual([])
  })

  it('shows every metric of the node itself', () => {
    const shown = new Set(queries.flatMap(([, expr]) => metricNamesIn(expr)))
    const own = metrics()
      .names()
      .filter((name) => name.startsWith('status_node_') && !/_(sum|count)$/.test(name))
    expect(own.filter((name) => !shown.has(name))).toEqual([])
  })
})

describe('metric names in a query', () => {
  it.each([
    ['rate(a_total[5m])', ['a_total']],
    ['sum by (reason) (rate(a_total{x="b_total",y=~"c"}[$__rate_interval]))', ['a_total']],
    ['histogram_quantile(0.99, sum by (le, method) (rate(d_bucket[5m]))) > 0.5', ['d_bucket']],
    ['a / on(instance) group_left(b) c offset 5m and d', ['a', 'c', 'd']],
    ['time() - process_start_time_seconds{job="$job"}', ['process_start_time_seconds']],
  ])('%s', (expr, names) => {
    expect(metricNamesIn(expr)).toEqual(names)
  })
})
