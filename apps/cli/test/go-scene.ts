/** People on our client and on status-go, on one relay of ours. */
import { type GoMessenger, startGoMessenger } from '../../node/test/go-peers.ts'
import { type Person, startPerson, startRelay, until } from './programs.ts'

export async function linkGo(go: GoMessenger, enode: string): Promise<void> {
  await go.call('addPeer', { enode })
  await until(async () => (await go.call<unknown[]>('peers')).length > 0, 'their link')
}

export async function linkedGo(binary: string, enode: string, key?: string): Promise<GoMessenger> {
  const go = await startGoMessenger(binary, key)
  await linkGo(go, enode)
  return go
}

export async function linkedPerson(enode: string, dataDir?: string): Promise<Person> {
  const person = await startPerson({ peers: [enode], ...(dataDir !== undefined && { dataDir }) })
  await until(() => person.peers.at(-1)?.state === 'up', 'our link')
  return person
}

/** The two of them; the Go one has opened the chat with us. */
export async function weAndGo(binary: string): Promise<{ enode: string; go: GoMessenger; us: Person }> {
  const { enode } = await startRelay()
  const go = await linkedGo(binary, enode)
  const us = await linkedPerson(enode)
  await go.call('joinOneToOne', { pubkey: us.publicKey })
  return { enode, go, us }
}
