/** Requests over HTTP with the platform's `fetch`: each text is a POST, its answer comes in. The first failure ends it. */
import { IncomingTexts, MAX_REMOTE_TEXT_BYTES, type RemoteTransport } from './transport.ts'

const TIMEOUT_MS = 150_000

export function httpTransport(url: string, token: string | undefined): RemoteTransport {
  const incoming = new IncomingTexts()
  const ending = new AbortController()
  let why: string | undefined
  const close = (): void => {
    ending.abort()
    incoming.end()
  }
  const post = async (text: string): Promise<void> => {
    const response = await fetch(url, {
      method: 'POST',
      body: text,
      redirect: 'error', // the token is for this address
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      signal: AbortSignal.any([ending.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    if (!response.ok) throw new Error(REFUSALS[response.status] ?? `HTTP status ${response.status}`)
    incoming.push(await limited(response))
  }
  return {
    canNotify: false,
    incoming,
    why: () => why,
    send: (text) =>
      void post(text).catch((error: unknown) => {
        why ??= reasonOf(error)
        close()
      }),
    close,
  }
}

const REFUSALS: Readonly<Record<number, string>> = {
  401: 'the node wants its token (HTTP status 401)',
  403: 'the node does not serve this host name (HTTP status 403)',
}

/** `fetch` says what happened in the cause of its error. */
function reasonOf(error: unknown): string {
  const { cause, message } = error instanceof Error ? error : new Error(String(error))
  return cause instanceof Error && cause.message !== '' ? cause.message : message
}

async function limited(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let [text, bytes] = ['', 0]
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.length
    if (bytes > MAX_REMOTE_TEXT_BYTES) throw new Error('the answer is too long')
    text += decoder.decode(piece, { stream: true })
  }
  return text + decoder.decode()
}
