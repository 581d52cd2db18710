/** Conformance suites for those who implement a port of this package: no test runner, cases that throw when they fail. */

export { sessionReadsConformance } from './conversation/reads-conformance.ts'
export { diffieHellmanConformance } from './ratchet/dh-conformance.ts'
