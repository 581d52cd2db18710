/** `status contacts`: the persons you remember. */
import type { History } from '@status-protocol/messenger'
import { publicKeyToText, threeWordName } from '@status-protocol/trust'
import { contactView } from '../serve/contact-view.ts'
import { terminalText } from '../terminal-text.ts'

export async function contacts(
  history: History,
  { json }: { readonly json: boolean },
): Promise<readonly string[]> {
  if (!json) return contactLines(history)
  return (await history.contacts()).map((contact) => JSON.stringify(contactView(contact)))
}

/** `Bob (Darkorange Blue Bubblefish) zQ3s...`: who is named also by the words that nobody can choose. */
export async function contactLines(history: Pick<History, 'contacts'>): Promise<readonly string[]> {
  const lines = (await history.contacts()).map(({ publicKey, name }) => {
    const words = threeWordName(publicKey)
    return `${name ? `${terminalText(name)} (${words})` : words} ${publicKeyToText(publicKey)}`
  })
  return lines.length > 0 ? lines : ['No contacts yet.']
}
