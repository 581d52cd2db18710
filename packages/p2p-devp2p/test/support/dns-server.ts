/** A name server for TXT records, over UDP on this machine. */
import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import type { ResolveTxt } from '@status-protocol/p2p-devp2p'

/** Answers with these texts, by name; all other names do not exist. */
export async function startDnsServer(
  texts: ReadonlyMap<string, string>,
): Promise<{ readonly resolveTxt: ResolveTxt; close(): Promise<void> }> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { address, port }) => {
    const answer = answerTo(query, texts)
    socket.send(answer, port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const resolver = new Resolver({ timeout: 1_000, tries: 2 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return {
    resolveTxt: async (name) => (await resolver.resolveTxt(name)).map((strings) => strings.join('')),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

function answerTo(query: Buffer, texts: ReadonlyMap<string, string>): Buffer {
  const labels: string[] = []
  let at = 12
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length))
    at += 1 + length
  }
  const question = query.subarray(12, at + 5)
  // clients may write names with other capitals
  const name = labels.join('.').toLowerCase()
  const text = [...texts].find(([key]) => key.toLowerCase() === name)?.[1]
  const header = Buffer.from(query.subarray(0, 12))
  header.writeUInt16BE(text === undefined ? 0x8183 : 0x8180, 2)
  header.writeUInt16BE(text === undefined ? 0 : 1, 6)
  header.writeUInt32BE(0, 8)
  if (text === undefined) return Buffer.concat([header, question])
  const strings = (text.match(/.{1,255}/g) ?? []).map((part) =>
    Buffer.concat([Buffer.from([part.length]), Buffer.from(part)]),
  )
  const data = Buffer.concat(strings)
  // the name of the question, TXT, IN, a minute
  const answer = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255])
  return Buffer.concat([header, question, answer, data])
}
