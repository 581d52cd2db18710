import { storageConformance } from '@status-protocol/ports/testing'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { describe, it } from 'vitest'

describe('Storage in memory', () => {
  for (const { name, run } of storageConformance({ open: async () => createMemoryStorage() })) it(name, run)
})
