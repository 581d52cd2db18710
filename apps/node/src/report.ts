/** What the operator reads on standard output: events as JSON lines, or a few plain lines. */
import type { Config } from './config.ts'
import type { PeerEvent, RunningNode } from './node.ts'
import { CLIENT_NAME } from './version.ts'

export interface Reporter {
  ready(node: RunningNode): void
  peer(event: PeerEvent): void
}

export function createReporter({ json, dataDir }: Config): Reporter {
  if (json)
    return {
      ready: ({ enode, listenAddress }) =>
        print({ event: 'ready', enode, listen: listenAddress, clientName: CLIENT_NAME, dataDir }),
      peer: (event) => print({ event: 'peer', ...event }),
    }
  return {
    ready: ({ enode, listenAddress }) => console.log(readyText(enode, listenAddress)),
    peer: ({ state, enode, reason }) =>
      console.log(
        `${state === 'up' ? 'peer connected' : 'peer gone'}: ${enode}${reason ? ` (${reason})` : ''}`,
      ),
  }
}

function print(event: object): void {
  console.log(JSON.stringify(event))
}

function readyText(enode: string, listen: string): string {
  const lines = [`Relay is up on ${listen}. Its enode:`, '', `  ${enode}`, '']
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
