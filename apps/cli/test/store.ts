/** A store with messages in it, as a messenger leaves it. */
import { fromBigInt } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { createMessenger, type Messenger } from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import { createWhisper } from '@status-protocol/whisper'

/** Own messages in a public chat, each at its time. */
export async function storeWith(
  storage: Storage,
  chat: string,
  count: number,
  said: (n: number) => { readonly text: string; readonly timeMs: number },
): Promise<void> {
  const privateKey = crypto.keccak256(fromBigInt(7n, 8))
  const whisper = createWhisper()
  let nowMs = 0
  const messenger: Messenger = await createMessenger({
    account: { chatKey: { privateKey, publicKey: crypto.publicKey(privateKey) } },
    storage,
    whisper: whisper.service,
    online: false,
    clock: { wallMs: () => nowMs, monotonicMs: () => performance.now() },
  })
  await messenger.join(chat)
  for (let n = 0; n < count; n++) {
    const { text, timeMs } = said(n)
    nowMs = timeMs
    await messenger.send(chat, text)
  }
  await messenger.close()
  await whisper.close()
}
