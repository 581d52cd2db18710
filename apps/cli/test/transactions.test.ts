/** What `/address` and `/refuse` answer: the newest request of somebody else that waits. */
import type { CommandState, Message, MessageIdText, Messenger } from '@status-protocol/messenger'
import { describe, expect, it } from 'vitest'
import { giveAddress, refuse } from '../src/commands/transactions.ts'

const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
const request = (id: string, status: CommandState['status'], own = false) =>
  ({ id, own, content: { kind: 'command', state: { status } } }) as unknown as Message

function chatWith(...messages: Message[]) {
  const said: string[] = []
  const note = async (...words: readonly string[]) => {
    said.push(words.join(' '))
    return messages[0] as Message
  }
  const commands = {
    giveAddress: (id: MessageIdText, address: string) => note('address', id, address),
    decline: (id: MessageIdText) => note('decline', id),
  } as unknown as Messenger['commands']
  return { said, messenger: { commands, messages: async () => messages } }
}

describe('answers to a request about a payment', () => {
  it('go to the newest one that waits for them, and that is not ours', async () => {
    const { messenger, said } = chatWith(
      request('first', 'address-requested'),
      request('second', 'address-requested'),
      request('answered', 'address-given'),
      request('to pay', 'transaction-requested'),
      request('ours', 'address-requested', true),
    )
    await giveAddress(messenger, '0x04', ADDRESS)
    await refuse(messenger, '0x04')
    expect(said).toEqual([`address second ${ADDRESS}`, 'decline to pay'])
  })

  it('are refused where nobody waits', async () => {
    const { messenger, said } = chatWith(request('done', 'announced'))
    for (const answer of [giveAddress(messenger, '0x04', ADDRESS), refuse(messenger, '0x04')])
      await expect(answer).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(said).toEqual([])
  })
})
