/** What watches a node is answered, whoever holds its connections. */
import { connect, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { startOperationsServer } from '../src/operations/server.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

it('answers while somebody holds all connections that there are', async () => {
  const server = await startOperationsServer({
    ...{ listen: '127.0.0.1:0', hostNames: [] },
    metrics: { text: async () => 'up 1\n', contentType: 'text/plain' },
    readiness: async () => ({ ready: true, checks: {} }) as never,
    failed: (error) => expect.fail(String(error)),
  })
  closing.push(() => server.close())
  const port = Number(server.address.split(':').at(-1))
  const held: Socket[] = []
  const hold = () =>
    new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write('GET /metrics HTTP/1.1\r\nHo')
        resolve()
      })
      held.push(socket.on('error', () => undefined).resume())
    })
  closing.push(() => held.map((socket) => socket.destroy()))
  for (let i = 0; i < 80; i++) await hold()
  for (const path of ['health', 'ready', 'metrics']) {
    const answer = await fetch(`http://127.0.0.1:${port}/${path}`, { headers: { connection: 'close' } })
    expect(answer.status, path).toBe(200)
    await answer.text()
  }
  expect(held.filter((socket) => !socket.closed).length).toBeGreaterThan(50)
})
