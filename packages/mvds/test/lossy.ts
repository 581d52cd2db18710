/** Drivers over a network that loses, repeats and reorders, on virtual time. */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { type SeededRandom, type VirtualClock, virtualClock } from '@status-protocol/testkit'
import { createDataSync, type DataSync, type DataSyncOptions, type SyncEvent } from '../src/index.ts'

export interface LossyOptions {
  /** Of payloads: 0 .. 1. */
  readonly loss: number
  readonly repeat: number
  readonly longestDelayMs: number
}

export interface Node {
  readonly self: PublicKey
  sync: DataSync
  readonly storage: Storage
  /** All that `events()` gave, across restarts. */
  readonly events: SyncEvent[]
  /** Ends it in the middle of whatever it does and starts it again on what was committed. */
  crash(): void
}

export function createLossyNetwork(random: SeededRandom, lossy: LossyOptions) {
  const clock: VirtualClock = virtualClock(1_599_999_999_900)
  const nodes = new Map<string, Node>()
  const count = { sent: 0, lost: 0 }

  function carry(from: PublicKey, to: PublicKey, payload: Uint8Array): void {
    count.sent++
    const copies = random.float() < lossy.repeat ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      if (random.float() < lossy.loss) {
        count.lost++
        continue
      }
      clock.schedule(random.int(lossy.longestDelayMs), () => {
        nodes.get(toHex(to))?.sync.receive(from, payload).catch(ignoreDeath)
      })
    }
  }

  function addNode(self: PublicKey, options: Partial<DataSyncOptions> = {}): Node {
    const storage = createMemoryStorage()
    const events: SyncEvent[] = []
    let isAlive = { value: true }

    function start(): DataSync {
      const life = { value: true }
      isAlive = life
      const sync = createDataSync({
        self,
        storage: mortal(storage, life),
        clock,
        timer: (delayMs, task) => clock.schedule(delayMs, () => life.value && task()),
        send: (to, payload) => {
          if (life.value) carry(self, to, payload)
        },
        ...options,
      })
      collect(sync, events, life).catch(ignoreDeath)
      return sync
    }

    const node: Node = {
      self,
      storage,
      events,
      sync: start(),
      crash() {
        isAlive.value = false
        node.sync = start()
      },
    }
    nodes.set(toHex(self), node)
    return node
  }

  /** In steps, each after all that the last one started has ended: the store answers in turns of its own. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await macrotask()
      await clock.advance(Math.min(left, STEP_MS))
    }
    await macrotask()
  }

  return { pass, addNode, count }
}

const STEP_MS = 1_000

/** Of what Node and browsers both have, the one without a delay. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

class Died extends Error {}

function ignoreDeath(error: unknown): void {
  if (!(error instanceof Died)) throw error
}

/** A store that its process cannot reach any more once it is dead. */
function mortal(storage: Storage, life: { readonly value: boolean }): Storage {
  const check = (): void => {
    if (!life.value) throw new Died('this process has ended')
  }
  return {
    async get(table, key) {
      check()
      return storage.get(table, key)
    },
    async *range(...args) {
      check()
      yield* storage.range(...args)
    },
    async commit(changes) {
      check()
      return storage.commit(changes)
    },
  }
}

async function collect(
  sync: DataSync,
  events: SyncEvent[],
  life: { readonly value: boolean },
): Promise<void> {
  for await (const event of sync.events()) {
    if (!life.value) return
    events.push(event)
  }
}
