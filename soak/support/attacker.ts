/** Carries out one attack at a fixed rate when it is told to; comes back under another name when it is thrown out. */
import { type AttackPacket, halfOpen, packetAttacks } from '../../apps/node/test/attackers.ts'
import { onTold, programOptions, say, sharedNowMs } from '../../bench/support/program.ts'
import { dialRaw, type RawPeer } from '../../bench/support/relay/raw-peer.ts'

export interface AttackerOptions {
  readonly enode: string
  /** Of `packetAttacks`, or `half-open sockets`, or `slow handshakes`. */
  readonly attack: string
  /** Packets; of sockets as many are held open, and opened again when the node has closed them. */
  readonly perSecond: number
  /** What the node's clock says. */
  readonly nowUnixSeconds: number
}

export interface AttackerReport {
  readonly sent: number
  /** How often the node ended a link. */
  readonly ended: number
}

/** Packets leave in bursts this far apart: timers are no finer under load. */
const BURST_MS = 5
const SOCKETS = 1_000

const { enode, attack: name, perSecond, nowUnixSeconds } = programOptions<AttackerOptions>()
let [isStopped, isPaused] = [false, true]
let [sent, ended] = [0, 0]
onTold((told: 'go' | 'pause' | 'stop') => {
  isStopped = told === 'stop'
  isPaused = told !== 'go'
})
say('ready')
await (name === 'half-open sockets' || name === 'slow handshakes' ? holdSockets() : sendPackets())
const report: AttackerReport = { sent, ended }
say(report)

async function sendPackets(): Promise<void> {
  const attack = (await packetAttacks(nowUnixSeconds)).find((attack) => attack.name === name)
  if (attack === undefined) throw new Error(`there is no attack ${name}`)
  let peer = await comeBack()
  for (let dueMs = sharedNowMs(); !isStopped; dueMs = Math.max(dueMs + BURST_MS, sharedNowMs() - 1_000)) {
    await until(dueMs)
    if (isPaused) continue
    for (let i = 0; i < (perSecond * BURST_MS) / 1_000; i++) {
      const { code, body } = attack.packets[sent % attack.packets.length] as AttackPacket
      const result = peer.link.send(code, body)
      if (result === 'full') break // what it does not read it has not to bear: the rate is what the node lets in
      if (result === 'closed') {
        peer = await comeBack()
        break
      }
      sent++
    }
  }
  await peer.close()
}

async function comeBack(): Promise<RawPeer> {
  const peer = await dialRaw(enode)
  void peer.link.closed.then(() => {
    if (!isStopped) ended++
  })
  return peer
}

async function holdSockets(): Promise<void> {
  while (!isStopped) {
    if (isPaused) {
      await until(sharedNowMs() + BURST_MS)
      continue
    }
    const sockets = halfOpen(enode, SOCKETS, { drip: name === 'slow handshakes' })
    sent += SOCKETS
    await until(sharedNowMs() + 1_000)
    ended += SOCKETS - sockets.open()
    sockets.close()
  }
}

function until(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms - sharedNowMs())))
}
