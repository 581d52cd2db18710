/** How a group stands with people on our client, and with people on status-go. */
import type { GoMessenger } from '../../node/test/go-peers.ts'
import type { Person } from './programs.ts'

export interface GoChat {
  readonly id: string
  readonly name: string
  readonly members: readonly { readonly id: string; readonly admin: boolean; readonly joined: boolean }[]
}

export async function ours(person: Person, id: string) {
  const { groups } = await person.rpc.call['group.list']({})
  return groups.find(({ group }) => group === id)
}

export async function theirs(go: GoMessenger, id: string): Promise<GoChat | undefined> {
  return ((await go.call<GoChat[] | null>('chats')) ?? []).find((chat) => chat.id === id)
}

export const memberAt = async (person: Person, id: string, key: string) =>
  (await ours(person, id))?.members.find(({ publicKey }) => publicKey === key)
export const roleAt = async (go: GoMessenger, id: string, key: string) =>
  (await theirs(go, id))?.members?.find((member) => member.id === key)
export const seesJoined = async (person: Person, id: string, key: string) =>
  (await memberAt(person, id, key))?.state === 'joined'
export const theySeeJoined = async (go: GoMessenger, id: string, key: string) =>
  (await roleAt(go, id, key))?.joined === true

/** How many members have acknowledged a message. */
export async function receiptsOf(person: Person, messageId: string): Promise<number> {
  const { receipts } = await person.rpc.call['group.receipts']({ messageId })
  return receipts.filter(({ installations }) => installations.length > 0).length
}
