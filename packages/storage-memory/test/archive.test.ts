import { archiveConformance } from '@status-protocol/mailserver/testing'
import { createMemoryArchive } from '@status-protocol/storage-memory'
import { describe, it } from 'vitest'

describe('EnvelopeArchive in memory', () => {
  for (const { name, run } of archiveConformance({ open: async () => createMemoryArchive() })) it(name, run)
})
