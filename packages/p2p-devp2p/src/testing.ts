/** Conformance suite for those who carry capabilities over something else. */
export { type LinkPair, linkConformance } from './link-conformance.ts'
