/**
 * The reference node, for programs that run one inside themselves.
 *
 * ```ts
 * const node = await startNode(readConfig({ listen: '127.0.0.1:0', dataDir }), createLog({ json: true, logLevel: 'warn' }))
 * console.log(node.enode)
 * await node.close()
 * ```
 */
export { type Config, readConfig } from './config.ts'
export { EXIT, NodeError, type NodeErrorCode } from './error.ts'
export { createLog, type Logger } from './log.ts'
export { type PeerEvent, type RunningNode, startNode } from './node.ts'
