/** The base protocol owns the codes 0 - 15 of every connection (devp2p "Base Protocol"). */
export const BASE_CODES = 16

export const baseCodes = { hello: 0, disconnect: 1, ping: 2, pong: 3 } as const

/** Version that we speak; from 5 on bodies are compressed after Hello. */
export const BASE_VERSION = 5
export const SNAPPY_VERSION = 5

/** Hello and what comes in its place may not be larger. */
export const MAX_HELLO_BYTES = 2048

/** Body of Ping and Pong: an empty list. Readers look at no body. */
export const EMPTY_LIST: Uint8Array = Uint8Array.of(0xc0)
