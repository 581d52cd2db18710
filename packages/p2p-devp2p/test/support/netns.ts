/** A home network behind a router, in network namespaces: home (192.168.77.2) - router with miniupnpd - outside (11.22.33.2). */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROUTER_IP = '192.168.77.1'
export const HOME_IP = '192.168.77.2'
export const EXTERNAL_IP = '11.22.33.1'

/** Why it cannot be had here; undefined: it can. */
export function netnsProblem(): string | undefined {
  if (process.env.NETNS === undefined) return 'NETNS is not set'
  for (const tool of ['ip', 'nft', 'miniupnpd'])
    if (spawnSync('which', [tool]).status !== 0) return `${tool} is not installed`
  const probe = `p2p-probe-${process.pid}`
  if (spawnSync('ip', ['netns', 'add', probe]).status !== 0) return 'network namespaces are not allowed here'
  spawnSync('ip', ['netns', 'del', probe])
  return undefined
}

export class HomeNetwork {
  readonly #prefix = `p2p${process.pid}`
  readonly #dir = mkdtempSync(join(tmpdir(), 'netns-'))
  #daemon: ChildProcess | undefined
  #programs: ChildProcess[] = []

  /** `upnp`, `pmp`: what the router speaks. */
  async start(speaks: { readonly upnp: boolean; readonly pmp: boolean }): Promise<void> {
    const [home, router, outside] = this.#names()
    this.#sh(`
      for n in ${home} ${router} ${outside}; do ip netns add $n; ip -n $n link set lo up; done
      ip link add lan0 netns ${router} type veth peer name eth0 netns ${home}
      ip link add wan0 netns ${router} type veth peer name eth0 netns ${outside}
      ip -n ${router} addr add ${ROUTER_IP}/24 dev lan0; ip -n ${router} link set lan0 up
      ip -n ${router} addr add ${EXTERNAL_IP}/24 dev wan0; ip -n ${router} link set wan0 up
      ip -n ${home} addr add ${HOME_IP}/24 dev eth0; ip -n ${home} link set eth0 up
      ip -n ${home} route add default via ${ROUTER_IP}
      ip -n ${outside} addr add 11.22.33.2/24 dev eth0; ip -n ${outside} link set eth0 up
      ip netns exec ${router} sysctl -qw net.ipv4.ip_forward=1
    `)
    writeFileSync(join(this.#dir, 'rules.nft'), RULES)
    this.#sh(`ip netns exec ${router} nft -f ${join(this.#dir, 'rules.nft')}`)
    const config = join(this.#dir, 'miniupnpd.conf')
    const yes = (on: boolean) => (on ? 'yes' : 'no')
    writeFileSync(
      config,
      `${CONFIG}enable_upnp=${yes(speaks.upnp)}\nenable_natpmp=${yes(speaks.pmp)}\nlease_file=${join(this.#dir, 'leases')}\n`,
    )
    const flags = ['netns', 'exec', router, 'miniupnpd', '-d', '-f', config, '-P', join(this.#dir, 'pid')]
    this.#daemon = spawn('ip', flags, { stdio: 'ignore' })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    if (this.#daemon.exitCode !== null) throw new Error('miniupnpd did not start')
  }

  /** Runs a program of `test/support` there; its first line, read as JSON. Ends when its input does. */
  async run(
    where: 'home' | 'outside',
    file: string,
    args: readonly string[],
  ): Promise<{ readonly said: Record<string, unknown>; end(): Promise<void> }> {
    const [home, , outside] = this.#names()
    const program = fileURLToPath(new URL(file, import.meta.url))
    const node = [
      process.execPath,
      '--conditions=@status-protocol/source',
      '--import',
      'tsx',
      program,
      ...args,
    ]
    const child = spawn('ip', ['netns', 'exec', where === 'home' ? home : outside, ...node], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#programs.push(child)
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const line = await new Promise<string>((resolve, reject) => {
      let text = ''
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part
        if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
      })
      void ended.then(() => reject(new Error(`${file} ended before it said anything`)))
    })
    return {
      said: JSON.parse(line),
      end: () => {
        child.stdin.end()
        return ended
      },
    }
  }

  /** Ports that the router passes on: `tcp 30303 -> 192.168.77.2:30303`. */
  mappings(): readonly string[] {
    const text = this.#sh(`ip netns exec ${this.#names()[1]} nft list chain inet upnp prerouting_upnp`)
    // how nft shows what miniupnpd wrote: the protocol as a number of the IP header
    const rules = text.matchAll(/@nh,72,8 0x(6|11) th dport (\d+) dnat ip to ([0-9.:]+)/g)
    return [...rules].map(([, protocol, from, to]) => `${protocol === '6' ? 'tcp' : 'udp'} ${from} -> ${to}`)
  }

  close(): void {
    for (const child of [...this.#programs, this.#daemon]) child?.kill('SIGKILL')
    for (const name of this.#names()) spawnSync('ip', ['netns', 'del', name])
    rmSync(this.#dir, { recursive: true, force: true })
  }

  #names(): [home: string, router: string, outside: string] {
    return [`${this.#prefix}-home`, `${this.#prefix}-router`, `${this.#prefix}-outside`]
  }

  #sh(script: string): string {
    const { status, stdout, stderr } = spawnSync('sh', ['-ec', script], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${stderr}`)
    return stdout
  }
}

const RULES = `
table inet upnp {
  chain forward_upnp {}
  chain prerouting_upnp {}
  chain postrouting_upnp {}
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname "lan0" accept
    jump forward_upnp
  }
  chain prerouting { type nat hook prerouting priority -100; jump prerouting_upnp; }
  chain postrouting { type nat hook postrouting priority 100; jump postrouting_upnp; oifname "wan0" masquerade; }
}
`
const CONFIG = `ext_ifname=wan0
ext_ip=${EXTERNAL_IP}
listening_ip=lan0
port=5000
secure_mode=yes
system_uptime=yes
upnp_table_name=upnp
upnp_nat_table_name=upnp
upnp_forward_chain=forward_upnp
upnp_nat_chain=prerouting_upnp
upnp_nat_postrouting_chain=postrouting_upnp
uuid=5e7b4a06-7a2f-4a5a-9d1c-0d6d9a8a1f00
allow 1024-65535 0.0.0.0/0 1024-65535
deny 0-65535 0.0.0.0/0 0-65535
`
