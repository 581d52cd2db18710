import { type PublicKey, to0xHex } from '@status-protocol/bytes'
import type { MessageIdText } from '@status-protocol/messenger'
import type { Handlers } from '@status-protocol/rpc'
import { threeWordName } from '@status-protocol/trust'
import { CliError } from '../error.ts'
import { parsePerson } from '../names.ts'
import { mailserversOf } from '../network.ts'
import type { Session } from '../session.ts'
import { checkedEnode } from '../settings.ts'
import { contactView } from './contact-view.ts'
import { groupHandlersFor } from './group-handlers.ts'
import { historyResult } from './history-view.ts'
import { messageView } from './message-view.ts'
import type { ROUTES } from './routes.ts'

export function handlersFor({ messenger, network }: Session): Handlers<typeof ROUTES> {
  return {
    'account.info': () => ({
      publicKey: to0xHex(messenger.publicKey),
      name: threeWordName(messenger.publicKey),
    }),
    'peers.add': ({ enode }) => {
      network.addPeer(checkedEnode(enode))
      return {}
    },
    'peers.remove': ({ enode }) => ({ removed: network.removePeer(checkedEnode(enode)) }),
    'peers.list': () => ({ peers: [...network.peers()] }),
    'mailserver.add': ({ enode }) => {
      network.addMailserver(checkedEnode(enode))
      return {}
    },
    'mailserver.remove': ({ enode }) => ({ removed: network.removeMailserver(checkedEnode(enode)) }),
    'mailserver.list': () => ({ mailservers: mailserversOf(network, messenger.mail.servers()) }),
    'history.fetch': async ({ chat, since }) => {
      if (messenger.mail.servers().length === 0)
        throw new CliError('no-mailserver', 'no mailserver can be asked now: give one with mailserver.add')
      return historyResult(
        await messenger.mail.fetch({
          ...(chat !== undefined && { chats: [chat] }),
          ...(since !== undefined && { sinceUnixSeconds: since }),
        }),
      )
    },
    'chat.join': async ({ chat }) => ({ chat: (await messenger.join(chat)).id }),
    'chat.leave': async ({ chat }) => {
      await messenger.leave(chat)
      return {}
    },
    'chat.list': async () => ({
      chats: (await messenger.chats()).map(({ id, kind }) => ({ chat: id, kind })),
    }),
    'chat.send': async ({ to, text, responseTo, security }) => {
      const options = {
        ...(responseTo === undefined ? {} : { responseTo: responseTo as MessageIdText }),
        ...(security === undefined ? {} : { security }),
      }
      return { messageId: (await messenger.send(to, text, options)).id }
    },
    'chat.messages': async ({ chat, before, limit }) => {
      const messages = await messenger.messages(chat, {
        ...(before === undefined ? {} : { before: before as MessageIdText }),
        ...(limit === undefined ? {} : { limit }),
      })
      return { messages: messages.map(messageView) }
    },
    'message.get': async ({ messageId }) => {
      const message = await messenger.message(messageId as MessageIdText)
      if (!message) throw new CliError('no-such-message', `there is no message ${messageId}`)
      return { message: messageView(message) }
    },
    'contact.add': async ({ publicKey, name }) => {
      const person = parsePerson(publicKey)
      await messenger.addContact(person, name)
      return { publicKey: to0xHex(person) }
    },
    'contact.list': async () => ({
      contacts: (await messenger.contacts()).map(contactView),
    }),
    'contact.setSecurity': async ({ publicKey, security }) => {
      await messenger.setSecurity(parsePerson(publicKey), security)
      return {}
    },
    'contact.remove': async ({ publicKey }) => ({
      removed: await messenger.removeContact(parsePerson(publicKey)),
    }),
    'chat.setDeniable': async ({ chat, deniable }) => {
      await messenger.setDeniable(chat, deniable)
      return {}
    },
    'device.info': () => messenger.devices.info(),
    'device.setName': async ({ name, deviceType, installationId, publicKey }) => {
      const id = installationId ?? (await messenger.devices.info()).installationId
      await messenger.devices.setMetadata(id, { name, deviceType }, personOf(publicKey))
      return {}
    },
    'device.pair': async () => {
      await messenger.devices.pair()
      return {}
    },
    'device.sync': () => messenger.devices.sync(),
    'device.list': async ({ publicKey }) => ({
      devices: [...(await messenger.devices.list(personOf(publicKey)))],
    }),
    'device.enable': async ({ installationId, publicKey }) => {
      await messenger.devices.setEnabled(installationId, true, personOf(publicKey))
      return {}
    },
    'device.disable': async ({ installationId, publicKey }) => {
      await messenger.devices.setEnabled(installationId, false, personOf(publicKey))
      return {}
    },
    ...groupHandlersFor(messenger),
    'stats.dropped': () => ({ dropped: Object.fromEntries(messenger.dropped()) }),
    'stats.rejected': () => ({ rejected: Object.fromEntries(messenger.rejected()) }),
  }
}

/** Undefined: ourselves. */
function personOf(publicKey: string | undefined): PublicKey | undefined {
  return publicKey === undefined ? undefined : parsePerson(publicKey)
}
