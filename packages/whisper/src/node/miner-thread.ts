/** What a mining thread of Node runs. */
import { parentPort } from 'node:worker_threads'
import { type MinerReply, type MinerRequest, minerThread } from '../worker-messages.ts'

const port = parentPort
if (port) {
  const handle = minerThread(
    (reply: MinerReply) => port.postMessage(reply),
    () => performance.now(),
  )
  port.on('message', (request: MinerRequest) => handle(request))
}
