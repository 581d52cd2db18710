/** Real Go peers on loopback: `statusd` (STATUSD), `geth --shh` (GETH), a messenger (MESSENGER_PEER). */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const stops: (() => Promise<void>)[] = []

export async function stopGoPeers(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop()
}

export interface GoNode {
  readonly enode: string
  /** Where its JSON-RPC is: `http://`, and the path of its socket if it has one. */
  readonly url: string
  readonly ipc?: string
  /** JSON-RPC over HTTP. */
  call<T = unknown>(method: string, ...params: unknown[]): Promise<T>
}

/** status-go's node, with nothing that reaches beyond loopback. */
export async function startStatusd(binary: string, whisper: Record<string, unknown> = {}): Promise<GoNode> {
  const dir = temporary('statusd-')
  const [port, httpPort] = [await freePort(), await freePort()]
  const config = statusConfig({ dir, port, httpPort, whisper })
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config))
  const child = run(binary, ['-dir', join(dir, 'data'), '-c', join(dir, 'config.json'), '-log', 'ERROR'], dir)
  return { ...(await rpcNode(child, port, httpPort)), ipc: join(dir, 'rpc.ipc') }
}

export async function startGeth(binary: string): Promise<GoNode> {
  const dir = temporary('geth-')
  const [port, httpPort] = [await freePort(), await freePort()]
  const listen = `[Node.P2P]\nListenAddr = "127.0.0.1:${port}"\nNoDiscovery = true\nMaxPeers = 25\n`
  writeFileSync(join(dir, 'config.toml'), listen)
  const args = ['--config', join(dir, 'config.toml'), '--datadir', join(dir, 'data'), '--networkid', '7771']
  args.push(
    '--nodiscover',
    '--nat',
    'none',
    '--syncmode',
    'light',
    '--nousb',
    '--cache',
    '16',
    '--ipcdisable',
  )
  args.push('--shh', '--shh.pow', '0.002', '--rpc', '--rpcaddr', '127.0.0.1', '--rpcport', String(httpPort))
  args.push('--rpcapi', 'shh,admin,web3,net', '--verbosity', '1')
  return rpcNode(run(binary, args, dir), port, httpPort)
}

export interface GoMessenger {
  readonly publicKey: string
  readonly version: string
  call<T = unknown>(method: string, params?: object): Promise<T>
  /** Texts heard so far from others, with their chat. */
  readonly heard: { readonly chatId: string; readonly text: string; readonly from: string }[]
  /** What the library of 0.36.0 leaves to the application, as text. */
  readonly raw: { readonly from: string; readonly text: string }[]
  /** What it refused of others, as the peer of 0.36.0 says it (`error`, `refused`). */
  readonly complaints: unknown[]
  kill(): Promise<void>
}

/**
 * A `protocol.Messenger` with its own node, driven by JSON lines.
 *
 * @param key of somebody who was there before, 32 bytes in hex
 * @param flags more of them: 0.36.0 has `-generic-discovery`, `-no-datasync`, `-no-v1`
 */
export async function startGoMessenger(
  binary: string,
  key: string = randomBytes(32).toString('hex'),
  installationId: string = randomUUID(),
  flags: readonly string[] = [],
): Promise<GoMessenger> {
  const dir = temporary('messenger-')
  mkdirSync(join(dir, 'data'))
  const [port, httpPort] = [await freePort(), await freePort()]
  const config = { ...statusConfig({ dir, port, httpPort, whisper: {} }), Name: 'StatusIM' }
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config))
  const args = ['-dir', join(dir, 'data'), '-c', join(dir, 'config.json'), '-key', key]
  args.push('-installation', installationId, '-log', 'ERROR', '-zap', 'fatal', ...flags)
  const child = run(binary, args, dir)
  const heard: { chatId: string; text: string; from: string }[] = []
  const complaints: unknown[] = []
  const raw: { from: string; text: string }[] = []
  const waiting = new Map<number, { resolve(v: unknown): void; reject(e: Error): void }>()
  let ready: (info: { publicKey: string; version: string }) => void = () => undefined
  const info = new Promise<{ publicKey: string; version: string }>((resolve) => {
    ready = resolve
  })
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    if (!line.startsWith('{')) return
    const message = JSON.parse(line)
    if (message.event === 'ready') ready(message.data)
    if (['error', 'refused'].includes(message.event)) complaints.push(message.data)
    if (message.event === 'received') raw.push(...(message.data.raw ?? []))
    if (message.event === 'received')
      for (const m of message.data.messages ?? [])
        heard.push({ chatId: m.chatId, text: m.text, from: m.from })
    const waiter = waiting.get(message.id)
    if (!waiter) return
    waiting.delete(message.id)
    if (message.error === undefined) waiter.resolve(message.result)
    else waiter.reject(new Error(message.error))
  })
  let id = 0
  const call = <T>(method: string, params: object = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting.set(++id, { resolve: resolve as (v: unknown) => void, reject })
      child.stdin?.write(`${JSON.stringify({ id, method, params })}\n`)
    })
  const kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGKILL')
    await ended
  }
  return { ...(await info), call, heard, raw, complaints, kill }
}

interface Place {
  readonly dir: string
  readonly port: number
  readonly httpPort: number
  readonly whisper: Record<string, unknown>
}

function statusConfig({ dir, port, httpPort, whisper }: Place): Record<string, unknown> {
  return {
    ...{ NetworkId: 1, NodeKey: randomBytes(32).toString('hex'), NoDiscovery: true, Rendezvous: false },
    ...{ EnableNTPSync: false, ListenAddr: `127.0.0.1:${port}`, AdvertiseAddr: '127.0.0.1', MaxPeers: 50 },
    ...{ MaxPendingPeers: 50, HTTPEnabled: true, HTTPHost: '127.0.0.1', HTTPPort: httpPort },
    ...{ HTTPVirtualHosts: ['localhost', '127.0.0.1'], APIModules: 'shh,shhext,admin,net,web3,rpc' },
    ...{ IPCEnabled: true, IPCFile: join(dir, 'rpc.ipc'), EnableStatusService: true, LogEnabled: false },
    UpstreamConfig: { Enabled: false },
    ClusterConfig: {
      ...{
        Enabled: false,
        Fleet: '',
        StaticNodes: [],
        BootNodes: [],
        TrustedMailServers: [],
        RendezvousNodes: [],
      },
    },
    WhisperConfig: { Enabled: true, MinimumPoW: 0.002, EnableNTPSync: false, TTL: 120, ...whisper },
    ShhextConfig: { PFSEnabled: false, MailServerConfirmations: false },
  }
}

async function rpcNode(child: ChildProcess, port: number, httpPort: number): Promise<GoNode> {
  const call = async <T>(method: string, ...params: unknown[]): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${httpPort}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await response.json()) as { result: T; error?: { message: string } }
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }
  for (const deadline = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    if (child.exitCode !== null) throw new Error(`the Go node ended with ${child.exitCode}`)
    const info = await call<{ enode: string }>('admin_nodeInfo').catch(() => undefined)
    const url = `http://127.0.0.1:${httpPort}`
    if (info) return { enode: info.enode.replace(/@.*$/, `@127.0.0.1:${port}`), url, call }
    if (Date.now() > deadline) throw new Error('the Go node did not answer within 30 s')
  }
}

function run(binary: string, args: string[], cwd: string): ChildProcess {
  const child = spawn(binary, args, {
    cwd,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, HOME: cwd },
  })
  child.stdin?.on('error', () => undefined)
  child.stdout?.resume()
  const ended = new Promise((resolve) => child.once('close', resolve))
  stops.push(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return child
}

function temporary(prefix: string): string {
  const dir = mkdtempSync(join(tmpdir(), prefix))
  stops.push(async () => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
