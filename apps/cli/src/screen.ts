/** A terminal in which others' lines appear above the one that is being typed. */
import type { Interface } from 'node:readline'

export interface Screen {
  print(text: string): void
  prompt(where: string): void
}

/** Longer names are cut in the prompt. */
const MAX_PROMPT_CHARS = 24

export function createScreen(terminal: Interface): Screen {
  const isTerminal = process.stdout.isTTY === true
  return {
    print(text) {
      if (isTerminal) process.stdout.write('\r\u001b[K')
      process.stdout.write(`${text}\n`)
      if (isTerminal) terminal.prompt(true)
    },
    prompt(where) {
      if (!isTerminal) return
      terminal.setPrompt(`${shortened(where, MAX_PROMPT_CHARS)}> `)
      terminal.prompt()
    },
  }
}

/** At most `length` characters. */
export function shortened(text: string, length: number): string {
  const characters = [...text]
  return characters.length > length ? `${characters.slice(0, length - 3).join('')}...` : text
}
