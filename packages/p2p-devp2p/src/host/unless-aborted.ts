import type { ByteStream } from '../transport.ts'

/** The stream, unless the attempt is given up first: a stream that comes up after that is nobody's and is destroyed. */
export function unlessAborted(dialled: Promise<ByteStream>, signal: AbortSignal): Promise<ByteStream> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    dialled.then((stream) => {
      if (signal.aborted) stream.destroy()
      else resolve(stream)
    }, reject)
  })
}
