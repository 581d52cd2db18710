/** What the operator reads on standard output: events as JSON lines, or a few plain lines. */
import type { Config } from './config.ts'
import type { PeerEvent, RunningNode } from './node.ts'
import { createRateLimiter, type RateLimit } from './rate.ts'
import { inert } from './terminal-text.ts'
import { CLIENT_NAME } from './version.ts'

export interface Reporter {
  ready(node: RunningNode): void
  peer(event: PeerEvent): void
}

/** Of peers that come and go, however fast they do. What is left out is counted in the next line. */
const PEER_RATE: RateLimit = { burst: 200, perSecond: 20 }

export function createReporter({ json, dataDir }: Config, nowMs = () => performance.now()): Reporter {
  const limiter = createRateLimiter(PEER_RATE)
  const rated = (say: (event: PeerEvent, leftOut: number) => void) => (event: PeerEvent) => {
    const leftOut = limiter.take('peer', nowMs())
    if (leftOut !== undefined) say(event, leftOut)
  }
  if (json)
    return {
      ready: ({ enode, listenAddress, metricsAddress, rpcAddresses, mail, network }) =>
        print({
          event: 'ready',
          enode,
          listen: listenAddress,
          ...(metricsAddress !== undefined && { metrics: metricsAddress }),
          ...rpcAddresses,
          ...(network.enr !== undefined && { enr: network.enr }),
          ...(mail && { mailserver: mail.archive.kind }),
          clientName: CLIENT_NAME,
          dataDir,
        }),
      peer: rated((event, leftOut) => {
        if (leftOut > 0) print({ event: 'gap', leftOut })
        print({ event: 'peer', ...event })
      }),
    }
  return {
    ready: (node) => console.log(readyText(node)),
    peer: rated(({ state, enode, reason }, leftOut) => {
      if (leftOut > 0) console.log(`(${leftOut} more peers that came or went)`)
      const what = state === 'up' ? 'peer connected' : 'peer gone'
      console.log(`${what}: ${enode}${reason ? ` (${inert(reason)})` : ''}`)
    }),
  }
}

function print(event: object): void {
  console.log(JSON.stringify(event))
}

function readyText({ enode, listenAddress, metricsAddress, rpcAddresses, mail }: RunningNode): string {
  const what = mail ? `Relay and mailserver (${mail.archive.kind})` : 'Relay'
  const lines = [`${what} ${mail ? 'are' : 'is'} up on ${listenAddress}. Its enode:`, '', `  ${enode}`, '']
  if (metricsAddress !== undefined) lines.push(`Metrics: http://${metricsAddress}/metrics`, '')
  const rpc = Object.entries(rpcAddresses).map(([how, where]) => `  ${how.padEnd(5)} ${where}`)
  if (rpc.length > 0) lines.push('JSON-RPC:', ...rpc, '')
  if (process.env.STATUS_NODE_STARTED_BY === 'npm start')
    lines.push(
      'Chat through it: in two other terminals, in this folder,',
      '',
      `  npm run status -- chat '#status' --data-dir /tmp/alice --peer ${enode}`,
      `  npm run status -- chat '#status' --data-dir /tmp/bob --peer ${enode}`,
      '',
    )
  return [...lines, 'Ctrl-C stops it.'].join('\n')
}
