/** Run in Chromium: both stores, by the conformance suites of their ports. */
import { archiveConformance } from '@status-protocol/mailserver/testing'
import { type ConformanceCase, storageConformance } from '@status-protocol/ports/testing'
import { createMemoryArchive, createMemoryStorage } from '@status-protocol/storage-memory'

export const cases: readonly ConformanceCase[] = [
  ...storageConformance({ open: async () => createMemoryStorage() }),
  ...archiveConformance({ open: async () => createMemoryArchive() }),
]
