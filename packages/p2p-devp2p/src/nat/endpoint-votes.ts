/** What others say our address is. Pure. */
import { addressGroup } from '../host/address-group.ts'

/** Votes count for this long, as go-ethereum has it. */
const VOTE_MS = 300_000
/** Networks whose vote is remembered; the oldest is forgotten first. */
const MAX_VOTES = 64

export interface EndpointVotes {
  /** `voter`: the address of who says so. A network (/24, /48) has one vote, the last one counts. */
  vote(voter: string, endpoint: { readonly ip: string; readonly port: number }, nowMs: number): void
  /** What at least `minVotes` networks and more than half of all say. */
  winner(nowMs: number): { readonly ip: string; readonly port: number } | undefined
}

export function createEndpointVotes(options: { readonly minVotes?: number } = {}): EndpointVotes {
  const minVotes = options.minVotes ?? 5
  /** BOUNDED by {@link MAX_VOTES}. */
  const votes = new Map<string, { readonly ip: string; readonly port: number; readonly atMs: number }>()
  return {
    vote(voter, { ip, port }, nowMs) {
      const { isLocal, key, subnet } = addressGroup(voter)
      const network = isLocal ? key : subnet
      votes.delete(network)
      votes.set(network, { ip, port, atMs: nowMs })
      const [oldest] = votes.keys()
      if (votes.size > MAX_VOTES && oldest !== undefined) votes.delete(oldest)
    },
    winner(nowMs) {
      const counts = new Map<string, number>()
      let total = 0
      for (const [network, { ip, port, atMs }] of votes) {
        if (nowMs - atMs >= VOTE_MS) votes.delete(network)
        else {
          total++
          counts.set(`${ip} ${port}`, (counts.get(`${ip} ${port}`) ?? 0) + 1)
        }
      }
      for (const [endpoint, count] of counts) {
        const [ip, port] = endpoint.split(' ') as [string, string]
        if (count >= minVotes && count * 2 > total) return { ip, port: Number(port) }
      }
      return undefined
    },
  }
}
