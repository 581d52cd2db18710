/** Transaction commands in words. */
import type { CommandEvent, CommandState } from '@status-protocol/messenger'
import { terminalText } from './terminal-text.ts'

/** How far a command is. Nobody here asks the chain: what is announced is never said to be paid. */
export function commandStateText(state: CommandState): string {
  switch (state.status) {
    case 'address-requested':
      return 'waits for an address'
    case 'address-given':
      return `the address ${state.address} was given`
    case 'address-declined':
      return 'no address was given'
    case 'transaction-requested':
      return 'waits for the transaction'
    case 'transaction-declined':
      return 'was refused'
    case 'announced':
      return `transaction ${state.transactionHash} announced, not checked; ${
        state.signer ? `signed by ${state.signer}` : 'signature not verified'
      }`
  }
}

/** @param who moved it. @param text of the message that began it */
export function commandEventText({ state }: CommandEvent, who: string, text: string): string {
  return `${who}: ${commandStateText(state)} (${terminalText(text)})`
}
