/** What a mining Web Worker runs. */
import { type MinerReply, type MinerRequest, minerThread } from '../worker-messages.ts'

const handle = minerThread(
  (reply: MinerReply) => postMessage(reply),
  () => performance.now(),
)
addEventListener('message', (event: MessageEvent<MinerRequest>) => handle(event.data))
