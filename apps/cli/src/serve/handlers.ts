import { type PublicKey, to0xHex } from '@status-protocol/bytes'
import type { MessageIdText, Picture, Said } from '@status-protocol/messenger'
import type { Handlers } from '@status-protocol/rpc'
import { threeWordName } from '@status-protocol/trust'
import { CliError } from '../error.ts'
import { parseOther, parsePerson } from '../names.ts'
import { mailserversOf } from '../network.ts'
import type { Session } from '../session.ts'
import { checkedEnode } from '../settings.ts'
import { commandHandlersFor } from './command-routes.ts'
import { contactView, personView, profileView } from './contact-view.ts'
import { groupHandlersFor } from './group-handlers.ts'
import { historyHandlers, placeOf } from './history-handlers.ts'
import { historyResult } from './history-view.ts'
import { messageView } from './message-view.ts'
import type { ROUTES } from './routes.ts'

export function handlersFor({ messenger, network }: Session): Handlers<typeof ROUTES> {
  const other = (publicKey: string): PublicKey => parseOther(publicKey, messenger.publicKey, 'publicKey')
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
    'chat.send': async ({ to, text, responseTo, security, content }) => {
      const options = {
        ...(content === undefined ? {} : { content: saidOf(content) }),
        ...(responseTo === undefined ? {} : { responseTo: responseTo as MessageIdText }),
        ...(security === undefined ? {} : { security }),
      }
      return { messageId: (await messenger.send(to, text, options)).id }
    },
    'chat.messages': async ({ chat, before, after, around, limit }) => {
      const messages = await messenger.messages(chat, {
        ...(before === undefined ? {} : { before: placeOf(before) }),
        ...(after === undefined ? {} : { after: placeOf(after) }),
        ...(around === undefined ? {} : { around: around as MessageIdText }),
        ...(limit === undefined ? {} : { limit }),
      })
      return { messages: messages.map(messageView) }
    },
    ...historyHandlers(messenger),
    'message.get': async ({ messageId }) => {
      const message = await messenger.message(messageId as MessageIdText)
      if (!message) throw new CliError('no-such-message', `there is no message ${messageId}`)
      return { message: messageView(message) }
    },
    'chat.setLegacy': ({ chat, legacy }) => done(messenger.setLegacy(chat, legacy)),
    'message.image': async ({ messageId }) => {
      const image = await messenger.image(messageId as MessageIdText)
      return image ? { image: pictureView(image) } : {}
    },
    'contact.add': async ({ publicKey, name }) => {
      const person = other(publicKey)
      await messenger.addContact(person, name)
      return { publicKey: to0xHex(person) }
    },
    'contact.list': async () => ({
      contacts: (await messenger.contacts()).map(contactView),
    }),
    'contact.setSecurity': async ({ publicKey, security }) => {
      await messenger.setSecurity(other(publicKey), security)
      return {}
    },
    'contact.request': ({ publicKey, name }) => done(messenger.requestContact(other(publicKey), name)),
    'contact.accept': ({ publicKey, name }) => done(messenger.acceptContact(other(publicKey), name)),
    'contact.dismiss': ({ publicKey }) => done(messenger.dismissContact(other(publicKey))),
    'contact.requests': async () => ({ people: (await messenger.contactRequests()).map(personView) }),
    'contact.block': ({ publicKey }) => done(messenger.block(other(publicKey))),
    'contact.unblock': ({ publicKey }) => done(messenger.unblock(other(publicKey))),
    'contact.blocked': async () => ({ people: (await messenger.blocked()).map(personView) }),
    'contact.mute': ({ chat, muted }) => done(muted ? messenger.mute(chat) : messenger.unmute(chat)),
    'contact.only': async ({ on }) => {
      if (on !== undefined) await messenger.setContactsOnly(on)
      return { on: await messenger.isContactsOnly() }
    },
    'contact.profile': async ({ name, picture, clear }) => {
      if (name !== undefined || picture !== undefined || clear)
        await messenger.setProfile({
          ...(name === undefined ? {} : { name }),
          ...(picture === undefined ? {} : { picture: fromBase64(picture) }),
        })
      return profileView(await messenger.profile())
    },
    'contact.picture': async ({ publicKey }) => {
      const key = to0xHex(other(publicKey))
      const people = [...(await messenger.contacts()), ...(await messenger.contactRequests())]
      const picture = people.find((person) => to0xHex(person.publicKey) === key)?.profile?.picture
      return picture ? { picture: pictureView(picture) } : {}
    },
    'contact.remove': async ({ publicKey }) => ({
      removed: await messenger.removeContact(other(publicKey)),
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
    ...commandHandlersFor(messenger),
    'stats.dropped': () => ({ dropped: Object.fromEntries(messenger.dropped()) }),
    'stats.rejected': () => ({ rejected: Object.fromEntries(messenger.rejected()) }),
  }
}

/** Undefined: ourselves. */
function personOf(publicKey: string | undefined): PublicKey | undefined {
  return publicKey === undefined ? undefined : parsePerson(publicKey, 'publicKey')
}

async function done(work: Promise<void>): Promise<Record<string, never>> {
  await work
  return {}
}

type Content = { kind: 'emoji' | 'status' } | { kind: 'sticker'; pack: number; hash: string } | SentImage
interface SentImage {
  readonly kind: 'image'
  readonly base64: string
}

function saidOf(content: Content): Said {
  return content.kind === 'image' ? { kind: 'image', bytes: fromBase64(content.base64) } : content
}

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))

function pictureView({ type, bytes }: Picture): { type: Picture['type']; base64: string } {
  return { type, base64: Buffer.from(bytes).toString('base64') }
}
