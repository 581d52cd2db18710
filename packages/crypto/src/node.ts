/** The provider for Node: `node:crypto`, WebAssembly, and native secp256k1 where it loads. */
export { createNodeProvider, type NodeProviderOptions, nodeProvider } from './node/provider.ts'
