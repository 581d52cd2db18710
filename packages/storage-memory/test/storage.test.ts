import { scanTexts, type TextSource } from '@status-protocol/ports'
import { storageConformance, textSearchConformance } from '@status-protocol/ports/testing'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { describe, it } from 'vitest'

describe('Storage in memory', () => {
  for (const { name, run } of storageConformance({ open: async () => createMemoryStorage() })) it(name, run)
})

describe('TextSearch by a scan of memory', () => {
  const open = async (source: TextSource) => {
    const storage = createMemoryStorage()
    return { storage, search: scanTexts(storage, source) }
  }
  for (const { name, run } of textSearchConformance({ open })) it(name, run)
})
