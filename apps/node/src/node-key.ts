/** The node's identity: 32 bytes in `nodekey` of the data directory, hex, readable by its owner alone. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex, toHex } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { codeOf, makeDataDir, reasonOf } from './data-dir.ts'
import { NodeError } from './error.ts'

/** In the data directory. */
export const NODE_KEY_FILE = 'nodekey'

/** Reads the key, or makes it at the first start. @throws NodeError `data-dir`, `node-key` */
export function loadNodeKey(dataDir: string): Uint8Array {
  makeDataDir(dataDir)
  return readNodeKey(dataDir) ?? createKey(join(dataDir, NODE_KEY_FILE))
}

/** Undefined: there is none yet. @throws NodeError `data-dir`, `node-key` */
export function readNodeKey(dataDir: string): Uint8Array | undefined {
  return readKey(join(dataDir, NODE_KEY_FILE))
}

function readKey(path: string): Uint8Array | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new NodeError(
      'data-dir',
      `${path} cannot be read (${reasonOf(error)}); check its owner and permissions`,
    )
  }
  const key = /^[0-9a-fA-F]{64}$/.test(text) ? fromHex(text) : undefined
  if (key && defaultProvider.isPrivateKey(key)) return key
  throw new NodeError(
    'node-key',
    `${path} holds no node key (expected 64 hex digits); restore it, or remove it to get a new identity`,
  )
}

function createKey(path: string): Uint8Array {
  const key = generatePrivateKey(defaultProvider, systemRandom)
  try {
    writeFileSync(path, `${toHex(key)}\n`, { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    throw new NodeError(
      'data-dir',
      `${path} cannot be written (${reasonOf(error)}); check the data directory or choose another with --data-dir`,
    )
  }
  return key
}
