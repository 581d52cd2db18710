/** status-go's node on loopback, with its mailserver: no discovery, no fleet, no NTP. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const PASSWORD = 'status-offline-inbox'

export interface Statusd {
  readonly enode: string
  rpc<T>(method: string, ...params: unknown[]): Promise<T>
  stop(): Promise<void>
}

export interface StatusdOptions {
  readonly mailserver?: boolean
  /** Between two requests of one peer. */
  readonly rateLimitSeconds?: number
}

export async function startStatusd(binary: string, options: StatusdOptions = {}): Promise<Statusd> {
  const dir = mkdtempSync(join(tmpdir(), 'statusd-'))
  const [port, httpPort] = [await freePort(), await freePort()]
  mkdirSync(join(dir, 'data'))
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config(dir, port, httpPort, options)))
  const flags = [
    '-dir',
    join(dir, 'data'),
    '-c',
    join(dir, 'config.json'),
    '-log',
    'ERROR',
    '-log-without-color',
  ]
  const child = spawn(binary, flags, { cwd: dir, stdio: 'ignore', env: { ...process.env, HOME: dir } })
  let id = 0
  const rpc = async <T>(method: string, ...params: unknown[]): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${httpPort}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }),
    })
    const { result, error } = (await answer.json()) as { result: T; error?: { message: string } }
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }
  const stop = async () => {
    await ended(child)
    rmSync(dir, { recursive: true, force: true })
  }
  const info = await eventually(() => {
    if (child.exitCode !== null) throw new Error(`${binary} ended with ${child.exitCode}`)
    return rpc<{ enode: string }>('admin_nodeInfo').catch(() => undefined)
  }).catch(async (error) => {
    await stop()
    throw error
  })
  const key = /^enode:\/\/([0-9a-f]{128})@/.exec(info.enode)?.[1]
  return { enode: `enode://${key}@127.0.0.1:${port}`, rpc, stop }
}

/** What `look` gives as soon as it is something. */
export async function eventually<T>(look: () => Promise<T | undefined | false>, ms = 30_000): Promise<T> {
  for (const end = performance.now() + ms; ; ) {
    const found = await look()
    if (found) return found
    if (performance.now() > end) throw new Error(`nothing within ${ms} ms: ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  const insist = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(insist)
}

function config(
  dir: string,
  port: number,
  httpPort: number,
  { mailserver = false, rateLimitSeconds = 0 }: StatusdOptions,
): object {
  return {
    ...{ NetworkId: 1, NodeKey: randomBytes(32).toString('hex'), NoDiscovery: true, Rendezvous: false },
    ...{ EnableNTPSync: false, ListenAddr: `127.0.0.1:${port}`, AdvertiseAddr: '127.0.0.1', MaxPeers: 50 },
    ...{ MaxPendingPeers: 50, HTTPEnabled: true, HTTPHost: '127.0.0.1', HTTPPort: httpPort },
    ...{ HTTPVirtualHosts: ['localhost', '127.0.0.1'], APIModules: 'shh,shhext,admin,net,web3,rpc' },
    ...{ IPCEnabled: true, IPCFile: join(dir, 'rpc.ipc'), EnableStatusService: true, LogEnabled: false },
    UpstreamConfig: { Enabled: false },
    ClusterConfig: {
      ...{ Enabled: false, Fleet: '', StaticNodes: [], BootNodes: [], TrustedMailServers: [] },
      RendezvousNodes: [],
    },
    WhisperConfig: {
      ...{ Enabled: true, MinimumPoW: 0.002, EnableNTPSync: false, TTL: 120, EnableMailServer: mailserver },
      ...(mailserver && { DataDir: join(dir, 'data', 'wnode'), MailServerPassword: PASSWORD }),
      ...(mailserver && { MailServerRateLimit: rateLimitSeconds, MailServerDataRetention: 0 }),
    },
    ShhextConfig: { PFSEnabled: false, MailServerConfirmations: false },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject()))
    })
    probe.on('error', reject)
  })
}
