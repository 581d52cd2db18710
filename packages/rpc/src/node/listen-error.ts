import { CodedError } from '@status-protocol/bytes'

/** An address or a path that cannot be listened on. */
export class ListenError extends CodedError<'listen'> {
  constructor(message: string) {
    super('listen', message)
  }
}
