import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { VectorFile } from './vectors.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const DEFECTS = 'reference-defects.json'

/** `VECTORS_DIR` (absolute, or relative to the root of the repository), or `vectors/` of the repository. */
export function vectorsDirectory(): URL {
  return pathToFileURL(`${resolve(root, process.env.VECTORS_DIR ?? 'vectors')}/`)
}

/**
 * The parsed file, or undefined if the folder does not have it. Where the folder lists defects of the reference, they come
 * along as `referenceDefects`.
 */
export function readVectorFile(name: string, directory: URL = vectorsDirectory()): VectorFile | undefined {
  const file = readJson(new URL(name, directory))
  const referenceDefects = readJson(new URL(DEFECTS, directory))
  return file && referenceDefects ? { ...file, referenceDefects } : file
}

function readJson(url: URL): VectorFile | undefined {
  return existsSync(url) ? (JSON.parse(readFileSync(url, 'utf8')) as VectorFile) : undefined
}
