import { createRequire } from 'node:module'
import { createNodeProvider } from '@status-protocol/crypto/node'
import { describe, expect, it } from 'vitest'
import { loadNativeSecp256k1 } from '../src/node/native.ts'

const require = createRequire(import.meta.url)

describe('native secp256k1', () => {
  it.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'is the native one where it has a binary',
    () => {
      expect(createNodeProvider().name).toBe('node+native')
      const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] }
      expect(sharedObjects.filter((path) => /secp256k1[^/]*\.node$/.test(path))).toHaveLength(1)
    },
  )

  it('is not taken when told so', () => {
    expect(createNodeProvider({ native: false }).name).toBe('node')
  })

  it('is left out without a word when it is missing, broken or counts wrongly', () => {
    const real = require('secp256k1/elliptic.js') as Record<string, unknown>
    const wrongKey = { ...real, publicKeyCreate: () => new Uint8Array(65) }
    const wrongSecret = { ...real, ecdh: () => new Uint8Array(32) }
    const missing = () => {
      throw new Error("Cannot find module 'secp256k1/bindings.js'")
    }
    for (const load of [missing, () => undefined, () => ({}), () => wrongKey, () => wrongSecret])
      expect(loadNativeSecp256k1(load)).toBeUndefined()
    expect(loadNativeSecp256k1(() => real)).toBeDefined()
  })
})
