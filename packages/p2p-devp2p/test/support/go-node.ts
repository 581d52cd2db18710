import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@status-protocol/testkit'

interface Program {
  readonly binary: string
  readonly flags: readonly string[]
  readonly dir: string
  readonly port: number
  readonly httpPort: number
}

/** A Go node of the time on loopback: no discovery, no fleet, no NTP, Whisper on. */
export class GoNode {
  readonly #program: Program
  #child: ChildProcess
  #enode = ''
  #nextId = 1

  private constructor(program: Program) {
    this.#program = program
    this.#child = this.#spawn()
  }

  static async statusd(binary: string): Promise<GoNode> {
    const [port, httpPort] = await freePorts()
    const dir = await mkdtemp(join(tmpdir(), 'statusd-'))
    const config = join(dir, 'config.json')
    await writeFile(config, JSON.stringify(statusdConfig(port, httpPort)))
    const data = join(dir, 'data')
    await mkdir(data)
    const flags = ['-dir', data, '-c', config, '-log', 'ERROR', '-log-without-color']
    return GoNode.#start({ binary, flags, dir, port, httpPort })
  }

  /** `bootnodes`: discovery v4 is on and begins with these. A light geth would not have it. */
  static async geth(binary: string, bootnodes?: readonly string[]): Promise<GoNode> {
    const [port, httpPort] = await freePorts()
    const dir = await mkdtemp(join(tmpdir(), 'geth-'))
    const config = join(dir, 'config.toml')
    // there is no flag to listen on loopback only
    await writeFile(
      config,
      `[Node.P2P]\nListenAddr = "127.0.0.1:${port}"\nNoDiscovery = ${bootnodes === undefined}\nMaxPeers = 25\n`,
    )
    const flags = [
      ...['--config', config, '--datadir', join(dir, 'data'), '--networkid', '7771'],
      ...(bootnodes === undefined
        ? ['--syncmode', 'light', '--nodiscover']
        : ['--syncmode', 'fast', '--bootnodes', bootnodes.join(',')]),
      ...['--nat', 'none', '--nousb', '--cache', '16', '--ipcdisable', '--shh'],
      ...['--rpc', '--rpcaddr', '127.0.0.1', '--rpcport', String(httpPort), '--rpcapi', 'shh,admin,web3,net'],
    ]
    return GoNode.#start({ binary, flags, dir, port, httpPort })
  }

  static async #start(program: Program): Promise<GoNode> {
    const node = new GoNode(program)
    await node.#ready()
    return node
  }

  get enode(): string {
    return this.#enode
  }

  #spawn(): ChildProcess {
    const { binary, flags, dir } = this.#program
    return spawn(binary, flags, { cwd: dir, stdio: 'ignore', env: { ...process.env, HOME: dir } })
  }

  async #ready(): Promise<void> {
    for (const end = performance.now() + 30_000; ; ) {
      const info = await this.rpc<{ enode: string }>('admin_nodeInfo').catch(() => undefined)
      const id = info && /^enode:\/\/([0-9a-f]{128})@/.exec(info.enode)?.[1]
      this.#enode = `enode://${id}@127.0.0.1:${this.#program.port}`
      if (id) return
      if (performance.now() > end || this.#child.exitCode !== null) {
        await this.stop()
        throw new Error(`${this.#program.binary} did not come up`)
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  async rpc<T>(method: string, ...params: unknown[]): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${this.#program.httpPort}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: this.#nextId++, method, params }),
    })
    const { result, error } = (await answer.json()) as { result: T; error?: { message: string } }
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }

  /** Whether the node counts this one among its peers. */
  async hasPeer(peerId: string): Promise<boolean> {
    const peers = await this.rpc<readonly { enode: string }[]>('admin_peers')
    return peers.some(({ enode }) => enode.includes(peerId))
  }

  /** Without a chance to take leave. */
  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  /** The same node again, at the same place, with the same key. */
  async restart(): Promise<void> {
    this.#child = this.#spawn()
    await this.#ready()
  }

  async stop(): Promise<void> {
    await this.#end('SIGINT')
    await rm(this.#program.dir, { recursive: true, force: true })
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    const insist = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await ended
    clearTimeout(insist)
  }
}

/** A bare devp2p peer: shakes hands, says Hello with the capabilities it is given, and shows every packet. */
export class WireProbe {
  enode = ''
  readonly events: Record<string, unknown>[] = []
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static async start(binary: string, flags: readonly string[]): Promise<WireProbe> {
    const child = spawn(binary, flags, { stdio: ['pipe', 'pipe', 'ignore'] })
    const probe = new WireProbe(child)
    let rest = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.startsWith('{')) probe.events.push(JSON.parse(line))
    })
    const ready = await probe.event('ready')
    probe.enode = String(ready.enode).replace(/\?.*$/, '')
    return probe
  }

  say(command: Readonly<Record<string, unknown>>): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`)
  }

  /** The first event of this kind that fits, past or to come. */
  async event(
    kind: string,
    fits: (event: Record<string, unknown>) => boolean = () => true,
  ): Promise<Record<string, unknown>> {
    for (const end = performance.now() + 10_000; ; ) {
      const found = this.events.find((event) => event.event === kind && fits(event))
      if (found) return found
      if (performance.now() > end)
        throw new Error(`no ${kind} from the probe; it said ${JSON.stringify(this.events)}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.stdin?.end()
    this.#child.kill()
    await ended
  }
}

function statusdConfig(port: number, httpPort: number): object {
  const nodeKey = Buffer.from(seededRandom(port).bytes(32)).toString('hex')
  return {
    ...{ NetworkId: 1, NodeKey: nodeKey, NoDiscovery: true, Rendezvous: false, EnableNTPSync: false },
    ...{ ListenAddr: `127.0.0.1:${port}`, AdvertiseAddr: '127.0.0.1', MaxPeers: 50, MaxPendingPeers: 50 },
    ...{ HTTPEnabled: true, HTTPHost: '127.0.0.1', HTTPPort: httpPort, HTTPVirtualHosts: ['127.0.0.1'] },
    ...{ APIModules: 'shh,admin,net,web3', IPCEnabled: false, EnableStatusService: true },
    ...{ LogEnabled: true, LogLevel: 'ERROR', LogToStderr: true, LogFile: '' },
    UpstreamConfig: { Enabled: false },
    ClusterConfig: {
      ...{ Enabled: false, Fleet: '', StaticNodes: [], BootNodes: [] },
      ...{ TrustedMailServers: [], RendezvousNodes: [] },
    },
    WhisperConfig: { Enabled: true, MinimumPoW: 0.002, EnableNTPSync: false, TTL: 120 },
    ShhextConfig: { PFSEnabled: false, MailServerConfirmations: false },
  }
}

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()]
  const ports: number[] = []
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ports.push((server.address() as { port: number }).port)
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports as [number, number]
}
