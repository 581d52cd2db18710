/** What persons are called: by the name that you gave them, else by the three words of their key. */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import { type History, parseChat } from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'
import { CliError } from './error.ts'
import { terminalText } from './terminal-text.ts'

export interface Names {
  /** Safe for a terminal. */
  of(publicKey: PublicKey): string
  /** After contacts have changed. */
  refresh(): Promise<void>
  /** `#name` and keys as they are, the name of a contact as their key. @throws CliError `invalid-argument`: several have it */
  chatNamed(text: string): string
}

export async function loadNames(history: Pick<History, 'contacts'>): Promise<Names> {
  /** By key in hex. BOUNDED by the contacts. */
  const given = new Map<string, string>()
  const refresh = async (): Promise<void> => {
    given.clear()
    for (const { publicKey, name } of await history.contacts()) if (name) given.set(toHex(publicKey), name)
  }
  await refresh()
  return {
    refresh,
    of: (publicKey) => terminalText(given.get(toHex(publicKey)) ?? threeWordName(publicKey)),
    chatNamed(text) {
      const wanted = text.toLowerCase()
      const found = [...given].filter(([, name]) => name.toLowerCase() === wanted)
      if (found.length > 1)
        throw new CliError(
          'invalid-argument',
          `${found.length} contacts are called ${text}: give the public key`,
        )
      const [contact] = found
      return contact ? `0x${contact[0]}` : text
    },
  }
}

/** The person that a key in any of its text forms means. @throws CliError `invalid-argument`, MessengerError `invalid-chat` */
export function parsePerson(text: string): PublicKey {
  const chat = parseChat(text)
  if (chat.kind === 'one-to-one') return chat.publicKey
  throw new CliError('invalid-argument', `expected a public key, got the public chat ${chat.id}`)
}
