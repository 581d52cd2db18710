/** Transaction commands with people on status-go, each conversation begun by either side. Opt-in. */
import { afterEach, describe, expect, it } from 'vitest'
import { stopGoPeers } from '../../node/test/go-peers.ts'
import { weAndGo } from './go-scene.ts'
import { stopAll, until } from './programs.ts'

afterEach(async () => {
  await stopGoPeers()
  await stopAll()
})

const messengers = [process.env.MESSENGER_PEER, process.env.MESSENGER_PEER_B].filter(
  (binary) => binary !== undefined,
)

/** As the Go messenger numbers them. */
const GO_STATES = {
  addressRequested: 1,
  addressDeclined: 2,
  addressGiven: 3,
  transactionRequested: 4,
  transactionDeclined: 5,
  sent: 7,
} as const

const THEIRS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
const OURS = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359'
const HASH = `0x${'ab'.repeat(32)}`
/** Some r | s | v: it recovers to some account, whatever was signed. */
const SIGNATURE =
  '4a30e912e44af05a69d0ef918ded4eecc61c6159528b1a3a9d2cd3bc163c64e439830de8e1c10c137594562fe95e12d3a21a44dcc0da266d5c7fa17f104fe12e1b'

interface GoMessage {
  readonly id: string
  readonly from: string
  readonly commandParameters?: {
    readonly id: string
    readonly commandState: number
    readonly address: string
    readonly value: string
    readonly contract: string
  } | null
}

async function pair(binary: string) {
  const { go, us } = await weAndGo(binary)
  const seenByGo = async (state: number): Promise<GoMessage | undefined> => {
    const messages = await go.call<GoMessage[] | null>('messages', { chatId: us.publicKey, limit: 50 })
    return messages?.find(({ commandParameters }) => commandParameters?.commandState === state)
  }
  const untilGo = async (state: number): Promise<GoMessage> => {
    await until(async () => (await seenByGo(state)) !== undefined, `they see state ${state}`)
    return (await seenByGo(state)) as GoMessage
  }
  const stateAt = async (messageId: string) => {
    const { message } = await us.rpc.call['message.get']({ messageId })
    return message.content?.kind === 'command' ? message.content.state : undefined
  }
  const untilStatus = (messageId: string, status: string) =>
    until(async () => (await stateAt(messageId))?.status === status, `we see ${status}`)
  /** The newest request of theirs. */
  const requestOfTheirs = async (status: string) => {
    const find = () =>
      us.messages.findLast(({ content }) => {
        const { state } = (content ?? {}) as { readonly state?: { readonly status: string } }
        return state?.status === status
      })
    await until(() => find() !== undefined, `their request: ${status}`)
    return find()?.messageId as string
  }
  return { go, us, untilGo, stateAt, untilStatus, requestOfTheirs }
}

describe.skipIf(messengers.length === 0)('transaction commands with the Go messenger', () => {
  for (const [index, binary] of messengers.entries()) {
    const name = `messenger ${index + 1}`
    it(`${name}: we ask for an address, and for a transaction`, async () => {
      const { go, us, untilGo, stateAt, untilStatus } = await pair(binary)
      const chat = go.publicKey
      const asked = await us.rpc.call['command.requestAddress']({ chat, value: '12', contract: OURS })
      const seen = await untilGo(GO_STATES.addressRequested)
      expect(seen).toMatchObject({
        id: asked.messageId,
        commandParameters: { id: asked.messageId, value: '12', contract: OURS },
      })
      await go.call('acceptRequestAddressForTransaction', { id: seen.id, address: THEIRS })
      await untilStatus(asked.messageId, 'address-given')
      expect(await stateAt(asked.messageId)).toEqual({ status: 'address-given', address: THEIRS })
      const sent = await us.rpc.call['command.sendTransaction']({
        ...{ messageId: asked.messageId, transactionHash: HASH, signature: `0x${SIGNATURE}` },
      })
      // Without a chain they do not show it; that they have taken it they acknowledge.
      await until(
        () => us.deliveries.some((d) => d.messageId === sent.messageId && d.state === 'delivered'),
        'delivered',
      )

      const again = await us.rpc.call['command.requestAddress']({ chat, value: '1' })
      await untilGo(GO_STATES.addressRequested)
      await go.call('declineRequestAddressForTransaction', { id: again.messageId })
      await untilStatus(again.messageId, 'address-declined')

      const due = await us.rpc.call['command.requestTransaction']({ chat, value: '3', address: OURS })
      const dueThere = await untilGo(GO_STATES.transactionRequested)
      expect(dueThere).toMatchObject({ id: due.messageId, commandParameters: { value: '3', address: OURS } })
      await go.call('acceptRequestTransaction', {
        ...{ id: due.messageId, transactionHash: HASH },
        signature: SIGNATURE,
      })
      await untilStatus(due.messageId, 'announced')
      expect(await stateAt(due.messageId)).toMatchObject({
        transactionHash: HASH,
        signer: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
      })

      const refused = await us.rpc.call['command.requestTransaction']({ chat, value: '4', address: OURS })
      await until(
        () => us.deliveries.some((d) => d.messageId === refused.messageId && d.state === 'delivered'),
        'asked again',
      )
      await go.call('declineRequestTransaction', { id: refused.messageId })
      await untilStatus(refused.messageId, 'transaction-declined')
      expect((await us.rpc.call['stats.rejected']({})).rejected).toEqual({})
    })

    it(`${name}: they ask for an address, and for a transaction`, async () => {
      const { go, us, untilGo, stateAt, untilStatus, requestOfTheirs } = await pair(binary)
      const chatId = us.publicKey
      const ask = () =>
        go.call('requestAddressForTransaction', { chatId, from: THEIRS, value: '1', contract: '' })
      await ask()
      const first = await requestOfTheirs('address-requested')
      await us.rpc.call['command.giveAddress']({ messageId: first, address: OURS })
      const given = await untilGo(GO_STATES.addressGiven)
      expect(given).toMatchObject({ commandParameters: { id: first, address: OURS } })
      await go.call('acceptRequestTransaction', {
        ...{ id: first, transactionHash: HASH },
        signature: SIGNATURE,
      })
      await untilStatus(first, 'announced')
      expect(await stateAt(first)).toMatchObject({ transactionHash: HASH })

      await ask()
      await until(() => us.messages.length === 3, 'their second request')
      const second = await requestOfTheirs('address-requested')
      expect(second).not.toBe(first)
      await us.rpc.call['command.decline']({ messageId: second })
      expect(await untilGo(GO_STATES.addressDeclined)).toMatchObject({ commandParameters: { id: second } })

      await go.call('requestTransaction', { chatId, value: '2.5', contract: OURS, address: THEIRS })
      const due = await requestOfTheirs('transaction-requested')
      expect(us.messages.at(-1)?.text).toBe(
        `asks for "2.5" (no whole number of the smallest unit) of the token ${OURS} to ${THEIRS}`,
      )
      const refusal = await us.rpc.call['command.decline']({ messageId: due })
      expect(await untilGo(GO_STATES.transactionDeclined)).toMatchObject({ id: refusal.messageId })

      await go.call('sendTransaction', {
        ...{ chatId, value: '1', contract: '', transactionHash: HASH },
        signature: SIGNATURE,
      })
      const unasked = await requestOfTheirs('announced')
      expect(await stateAt(unasked)).toMatchObject({ status: 'announced', transactionHash: HASH })
      expect((await us.rpc.call['stats.rejected']({})).rejected).toEqual({})
    })
  }
})
