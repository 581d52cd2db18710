import { CodedError } from '@status-protocol/bytes'

/** How the program ends; documented in README.md. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** Flags, configuration file, values in them. */
  usage: 2,
  /** Data directory or a file in it. */
  data: 3,
  /** An address cannot be listened on. */
  listen: 4,
  /** `doctor` found something that has to be mended. */
  unwell: 5,
} as const

export type NodeErrorCode =
  | 'invalid-config'
  | 'data-dir'
  /** Another node has the data directory. */
  | 'locked'
  | 'node-key'
  | 'listen'
  /** The archive of a mailserver cannot be opened, or a part of it cannot be read. */
  | 'archive'
  /** There is no node to ask. */
  | 'no-node'
  /** The node that was asked does not say. */
  | 'refused'

/** An error that is explained to the operator in one line. */
export class NodeError extends CodedError<NodeErrorCode> {
  get exitCode(): number {
    if (this.code === 'invalid-config') return EXIT.usage
    if (this.code === 'no-node' || this.code === 'refused') return EXIT.failed
    return this.code === 'listen' ? EXIT.listen : EXIT.data
  }
}
