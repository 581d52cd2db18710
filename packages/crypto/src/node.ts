/** The provider for Node: `node:crypto` where it is faster, noble for the rest. */
export { nodeProvider } from './node/provider.ts'
