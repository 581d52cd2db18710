/** What was on the wire, opened with the keys of all who wrote there: is any message key used for two texts? */
import { toHex } from '@status-protocol/bytes'
import { decodeProtocolMessage } from '@status-protocol/double-ratchet'
import { createSqliteArchive } from '@status-protocol/storage-sqlite/archive'
import type { Account } from '@status-protocol/trust'
import {
  type Envelope,
  fullBloom,
  negotiatedChat,
  type OpeningKey,
  open,
  partitionedDiscovery,
} from '@status-protocol/whisper'

export interface KeyUses {
  /** How many message keys were seen at work. */
  readonly keys: number
  /** Ratchet key and number of those that were used for two texts. */
  readonly usedTwice: readonly string[]
}

/** @param directory the archive of a mailserver that carried everything, and has ended */
export async function keyUses(directory: string, accounts: readonly Account[]): Promise<KeyUses> {
  const openers = await privateTopics(accounts)
  const [uses, usedTwice] = [new Map<string, string>(), new Set<string>()]
  for await (const envelope of envelopesIn(directory))
    for (const key of openers.get(toHex(envelope.topic)) ?? []) {
      const opened = open(envelope, key)
      if (!opened.ok) continue
      for (const { ratchetHeader, payload } of decodeProtocolMessage(opened.payload).directMessages) {
        if (!ratchetHeader) continue
        const [name, ciphertext] = [`${toHex(ratchetHeader.key)} ${ratchetHeader.n}`, toHex(payload)]
        if ((uses.get(name) ?? ciphertext) !== ciphertext) usedTwice.add(name)
        uses.set(name, ciphertext)
      }
    }
  return { keys: uses.size, usedTwice: [...usedTwice] }
}

/** By topic: what opens the private messages between these people. */
async function privateTopics(accounts: readonly Account[]): Promise<Map<string, OpeningKey[]>> {
  const openers = new Map<string, OpeningKey[]>()
  const add = (topic: Uint8Array, key: OpeningKey): void => {
    openers.set(toHex(topic), [...(openers.get(toHex(topic)) ?? []), key])
  }
  for (const [i, { chatKey }] of accounts.entries()) {
    add(partitionedDiscovery(chatKey.publicKey).topic, chatKey)
    for (const other of accounts.slice(i + 1)) {
      const { publicKey } = other.chatKey
      const chat = await negotiatedChat({ privateKey: chatKey.privateKey, publicKey })
      add(chat.topic, chat)
    }
  }
  return openers
}

async function* envelopesIn(directory: string): AsyncIterable<Envelope> {
  const archive = await createSqliteArchive({ directory })
  const all = { fromUnixSeconds: 0, toUnixSeconds: 0xffff_ffff, limit: 1e9, match: { bloom: fullBloom() } }
  try {
    yield* archive.query(all, new AbortController().signal)
  } finally {
    await archive.close()
  }
}
