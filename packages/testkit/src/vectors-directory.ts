import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** `VECTORS_DIR` (absolute, or relative to the root of the repository), or `vectors/` of the repository. */
export function vectorsDirectory(): URL {
  return pathToFileURL(`${resolve(root, process.env.VECTORS_DIR ?? 'vectors')}/`)
}
