/** Conformance suites for those who carry capabilities over something else, or find nodes elsewhere. */
export { type DiscoverySubject, discoveryConformance } from './discovery-conformance.ts'
export { type LinkPair, linkConformance } from './link-conformance.ts'
