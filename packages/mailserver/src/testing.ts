/** Conformance suite for those who implement an EnvelopeArchive. */
export { archiveConformance } from './archive-conformance.ts'
