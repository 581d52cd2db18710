import { connect, createServer, type Server, type Socket } from 'node:net'

/** A SOCKS5 server (RFC 1928, 1929): knows names that nobody else knows, and remembers what it was asked for. */
export class SocksServer {
  /** `name:port` or `ip:port`, as asked. */
  readonly asked: string[] = []
  /** Asked with this name and password; otherwise anybody may. */
  readonly #login: string | undefined
  readonly #names: ReadonlyMap<string, string>
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(names: ReadonlyMap<string, string>, login: string | undefined) {
    this.#names = names
    this.#login = login
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket))
      void this.#serve(socket).catch(() => socket.destroy())
    })
  }

  static async start(names: Record<string, string>, login?: string): Promise<SocksServer> {
    const server = new SocksServer(new Map(Object.entries(names)), login)
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  async #serve(socket: Socket): Promise<void> {
    const read = reader(socket)
    const [, methods] = await read(2)
    await read(methods as number)
    socket.write(Uint8Array.of(5, this.#login === undefined ? 0 : 2))
    if (this.#login !== undefined) {
      const [, nameLength] = await read(2)
      const name = String(await read(nameLength as number))
      const [passwordLength] = await read(1)
      const isRight = `${name}:${await read(passwordLength as number)}` === this.#login
      socket.write(Uint8Array.of(1, isRight ? 0 : 1))
      if (!isRight) return void socket.end()
    }
    const [, , , kind] = await read(4)
    const host =
      kind === 3 ? String(await read((await read(1))[0] as number)) : [...(await read(4))].join('.')
    const port = (await read(2)).readUInt16BE()
    this.asked.push(`${host}:${port}`)
    const target = this.#names.get(host) ?? (kind === 1 ? host : undefined)
    if (target === undefined) return void socket.end(Uint8Array.of(5, 4, 0, 1, 0, 0, 0, 0, 0, 0))
    const out = connect({ host: target, port })
    this.#sockets.add(out)
    out.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(out))
    out.once('connect', () => {
      socket.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0))
      socket.removeAllListeners('readable')
      socket.pipe(out).pipe(socket)
    })
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}

function reader(socket: Socket): (length: number) => Promise<Buffer> {
  return async (length) => {
    for (;;) {
      const bytes = length === 0 ? Buffer.alloc(0) : (socket.read(length) as Buffer | null)
      if (bytes) return bytes
      if (socket.destroyed) throw new Error('closed')
      await new Promise((resolve) => {
        socket.once('readable', resolve)
        socket.once('close', resolve)
      })
    }
  }
}
