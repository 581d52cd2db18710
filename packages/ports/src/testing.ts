/** Conformance suites for those who implement a port of this package, and what other suites are made of. */
export { type ConformanceCase, check, checkEqual, checkRejects } from './conformance.ts'
export { storageConformance } from './storage-conformance.ts'
export { type SearchedStorage, textSearchConformance } from './text-search-conformance.ts'
