/** How far a command is, and who may move it: the states as plain data. */
import type { Command, CommandType } from './command.ts'

/** No state says that anything was paid: that the chain says, and nobody here asks it. */
export type CommandState =
  | { readonly status: 'address-requested' }
  | { readonly status: 'address-given'; readonly address: string }
  | { readonly status: 'address-declined' }
  | { readonly status: 'transaction-requested' }
  | { readonly status: 'transaction-declined' }
  /** Somebody says that they sent it. See {@link Command.signer}. */
  | { readonly status: 'announced'; readonly transactionHash: string; readonly signer?: string }

export type CommandStatus = CommandState['status']

/** Who may say it: the person who began the command, or the other one. */
type Side = 'beginner' | 'other'

/** An answer that its command takes: from whom, and in which state alone. */
interface Edge {
  readonly side: Side
  readonly from: CommandStatus
}

const EDGES: Readonly<
  Record<
    'request-address-for-transaction' | 'request-transaction',
    { readonly [Answer in CommandType]?: Edge }
  >
> = {
  'request-address-for-transaction': {
    'accept-request-address-for-transaction': { side: 'other', from: 'address-requested' },
    'decline-request-address-for-transaction': { side: 'other', from: 'address-requested' },
    'send-transaction': { side: 'beginner', from: 'address-given' },
  },
  'request-transaction': {
    'send-transaction': { side: 'other', from: 'transaction-requested' },
    'decline-request-transaction': { side: 'other', from: 'transaction-requested' },
  },
}

export type Refused = 'no-such-request' | 'not-theirs-to-answer' | 'answered-already'

export type Answered =
  | { readonly ok: true; readonly state: CommandState }
  /** `early`: what it follows has not come yet. */
  | { readonly ok: false; readonly reason: Refused | 'early' }

/** The command with the state that it begins in; what answers another has none. */
export function begun(command: Command): Command {
  const state = command.state ?? firstState(command)
  return state ? { ...command, state } : command
}

function firstState({ command, request, transactionHash = '', signer }: Command): CommandState | undefined {
  if (command === 'request-address-for-transaction') return { status: 'address-requested' }
  if (command === 'request-transaction') return { status: 'transaction-requested' }
  if (command !== 'send-transaction' || request !== undefined) return undefined
  return { status: 'announced', transactionHash, ...(signer && { signer }) }
}

/** What an answer makes of a command. The first one counts: nothing is taken back, and nobody answers themselves. */
export function answered(request: Command, answer: Command, side: Side): Answered {
  const { state } = begun(request)
  const edges = request.command in EDGES ? EDGES[request.command as keyof typeof EDGES] : {}
  const edge = edges[answer.command]
  if (!state || !edge) return refuse('no-such-request')
  if (edge.side !== side) return refuse('not-theirs-to-answer')
  if (state.status === edge.from) return { ok: true, state: stateAfter(answer) }
  return refuse(
    state.status === 'address-requested' && edge.from === 'address-given' ? 'early' : 'answered-already',
  )
}

function stateAfter({ command, address = '', transactionHash = '', signer }: Command): CommandState {
  if (command === 'accept-request-address-for-transaction') return { status: 'address-given', address }
  if (command === 'send-transaction')
    return { status: 'announced', transactionHash, ...(signer && { signer }) }
  return {
    status: command === 'decline-request-transaction' ? 'transaction-declined' : 'address-declined',
  }
}

function refuse(reason: Refused | 'early'): Answered {
  return { ok: false, reason }
}
