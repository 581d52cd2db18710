import { networkInterfaces } from 'node:os'
import { type HostClock, systemHostClock } from '../host/host-clock.ts'

const LOOK_MS = 5_000
/** A timer that comes this much late, by the clock on the wall: the machine has slept. */
const SLEPT_MS = 20_000

/**
 * Calls `changed` when this machine has other addresses than before, and when it wakes up: for `host.redialNow()`. Looks
 * every 5 s. Returns what ends it.
 *
 * @param options.addresses for tests
 */
export function watchNetwork(
  changed: () => void,
  options: { readonly clock?: HostClock; readonly addresses?: () => readonly string[] } = {},
): () => void {
  const { clock = systemHostClock, addresses = externalAddresses } = options
  let known = addresses().join()
  let wallMs = clock.wallMs()
  let cancel: () => void = () => {}
  const look = () => {
    const [now, seen] = [clock.wallMs(), addresses().join()]
    const hasSlept = now - wallMs > LOOK_MS + SLEPT_MS
    // without any address there is nothing to be tried yet
    if (seen !== '' && (seen !== known || hasSlept)) changed()
    known = seen
    wallMs = now
    cancel = clock.schedule(LOOK_MS, look)
  }
  cancel = clock.schedule(LOOK_MS, look)
  return () => cancel()
}

function externalAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .sort()
}
