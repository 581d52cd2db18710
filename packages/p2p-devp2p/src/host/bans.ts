/** Who is kept out for a while, by peer id or by address. Pure; time comes in. */

export interface Ban {
  /** Hex of a peer id, or an address (of IPv6 its /64, as `addressGroup` has it). */
  readonly target: string
  readonly untilMs: number
  /** For people. */
  readonly why: string
}

export interface Bans {
  /** Again: the later end counts. */
  add(target: string, untilMs: number, why: string): void
  remove(target: string): boolean
  /** When it ends; undefined: not banned. */
  until(target: string, nowMs: number): number | undefined
  list(nowMs: number): readonly Ban[]
}

/** Beyond, the ban that ends first is given up. */
const MAX_BANS = 4_096

export function createBans(): Bans {
  /** BOUNDED by {@link MAX_BANS}. */
  const bans = new Map<string, Ban>()

  const dropExpired = (nowMs: number) => {
    for (const [target, { untilMs }] of bans) if (untilMs <= nowMs) bans.delete(target)
  }

  const dropSoonest = () => {
    let soonest: Ban | undefined
    for (const ban of bans.values()) if (!soonest || ban.untilMs < soonest.untilMs) soonest = ban
    if (soonest) bans.delete(soonest.target)
  }

  return {
    add(target, untilMs, why) {
      const known = bans.get(target)
      if (known && known.untilMs >= untilMs) return
      if (!known && bans.size >= MAX_BANS) dropSoonest()
      bans.set(target, { target, untilMs, why })
    },
    remove: (target) => bans.delete(target),
    until(target, nowMs) {
      const ban = bans.get(target)
      if (!ban) return undefined
      if (ban.untilMs > nowMs) return ban.untilMs
      bans.delete(target)
      return undefined
    },
    list(nowMs) {
      dropExpired(nowMs)
      return [...bans.values()]
    },
  }
}
