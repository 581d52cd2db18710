/**
 * Links carried by `@ethereumjs/devp2p` 10 (optional peer dependency) in place of the RLPx of this package.
 *
 * For comparison and for trying out: an independent implementation behind the same {@link Link}. NOT for the open
 * Internet and not for Status: see "known failures" in the README.
 */
export { createEthereumjsHost, type EthereumjsHost, type EthereumjsHostOptions } from './host.ts'
