/** The methods of `status serve --stdio`, declared once; docs/cli-rpc.md shows each at work. */
import { route } from '@status-protocol/rpc'
import { z } from 'zod'
import { COMMAND_ROUTES } from './command-routes.ts'
import { GROUP_ROUTES } from './group-routes.ts'
import { CONTACT, MESSAGE, PERSON, PICTURE, PROFILE, SECURITY } from './notifications.ts'

const none = z.object({})
const chat = z.string().max(200).describe('`#name`, the public key of the other person, or the id of a group')
const messageId = z.string().regex(/^0x[0-9a-f]{64}$/, 'expected 0x and 64 hex digits')
const place = z
  .string()
  .regex(/^(0x[0-9a-f]{64}|\d{1,19})$/, 'expected a message id, or a clock in decimal digits')
const publicKey = z.string().max(200)
const count = z.number().int().min(1).max(1000)
const device = z.object({ installationId: z.string().max(200), publicKey: publicKey.optional() })
const enode = z.string().max(512)
const base64Of = (bytes: number): z.ZodString =>
  z
    .string()
    .max(Math.ceil(bytes / 3) * 4, `expected base64 of at most ${bytes} bytes`)
    .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'expected base64')
const seconds = z.number().int().min(0).max(0xffff_ffff)

export const HISTORY_RESULT = z.object({
  complete: z.boolean(),
  messages: z.number().int(),
  envelopes: z.number().int(),
  bytes: z.number().int(),
  missing: z.array(z.object({ from: seconds, to: seconds })),
})

export const CHAT_STATE = z.object({
  chat: z.string(),
  kind: z.enum(['public', 'one-to-one', 'group']),
  unread: z.number().int(),
  muted: z.boolean(),
  archived: z.boolean(),
  deniable: z.boolean().optional(),
  lastClock: z.string(),
})

export const ROUTES = {
  'account.info': route({
    summary: 'Who we are: the public key that others write to, and its three-word name.',
    params: none,
    result: z.object({ publicKey: z.string(), name: z.string() }),
  }),
  'peers.add': route({
    summary:
      'Connects to a peer and stays connected until the program ends: it is dialled again when the link is lost.',
    params: z.object({ enode: z.string().max(512) }),
    result: z.object({}),
  }),
  'peers.remove': route({
    summary: 'Forgets a peer and ends its link. `removed`: whether there was either.',
    params: z.object({ enode: z.string().max(512) }),
    result: z.object({ removed: z.boolean() }),
  }),
  'peers.list': route({
    summary: 'Peers that we are connected to now.',
    params: none,
    result: z.object({ peers: z.array(z.object({ id: z.string(), address: z.string().optional() })) }),
  }),
  'mailserver.add': route({
    summary:
      'Connects to a mailserver, as to a peer, and fetches what was missed: when it is there, when a chat is joined, and every ' +
      'hour. It is trusted with nothing but its answers.',
    params: z.object({ enode }),
    result: z.object({}),
  }),
  'mailserver.remove': route({
    summary: 'Forgets a mailserver and ends its link. `removed`: whether it was one.',
    params: z.object({ enode }),
    result: z.object({ removed: z.boolean() }),
  }),
  'mailserver.list': route({
    summary: 'The mailservers, and whether they can be asked now.',
    params: none,
    result: z.object({ mailservers: z.array(z.object({ enode, connected: z.boolean() })) }),
  }),
  'history.fetch': route({
    summary:
      'Fetches what is missing now and answers when all that came is stored; `history` tells how it goes. `chat`: only that ' +
      'one; `since` (Unix seconds): from then on it is to be complete, now and later (without it, since a day before it was ' +
      'joined; never more than 30 days back). Error `no-mailserver` if none can be asked.',
    params: z.object({ chat: chat.optional(), since: seconds.optional() }),
    result: HISTORY_RESULT,
  }),
  'chat.join': route({
    summary: 'Listens to a public chat.',
    params: z.object({ chat }),
    result: z.object({ chat: z.string() }),
  }),
  'chat.leave': route({
    summary: 'Stops listening to a public chat.',
    params: z.object({ chat }),
    result: z.object({}),
  }),
  'chat.list': route({
    summary: 'The chats there are.',
    params: none,
    result: z.object({
      chats: z.array(z.object({ chat: z.string(), kind: z.enum(['public', 'one-to-one', 'group']) })),
    }),
  }),
  'chat.send': route({
    summary:
      'Says something. The message is stored before the answer comes; `delivery` tells what becomes of it. `security`, in a ' +
      'private chat: for this message alone, instead of what is chosen for the contact; `ratchet` means with forward secrecy ' +
      'or not at all (error `no-forward-secrecy`).',
    params: z.object({
      to: chat,
      text: z.string(),
      responseTo: messageId.optional(),
      security: SECURITY.optional(),
      content: z
        .discriminatedUnion('kind', [
          z.object({ kind: z.enum(['emoji', 'status']) }),
          z.object({ kind: z.literal('sticker'), pack: z.number().int(), hash: z.string().max(256) }),
          z.object({ kind: z.literal('image'), base64: base64Of(300_000) }),
        ])
        .optional()
        .describe('beside a sticker or an image (300,000 bytes) `text` may be empty'),
    }),
    result: z.object({ messageId: z.string() }),
  }),
  'chat.setLegacy': route({
    summary:
      'For readers of 2019: what is written in this chat is Transit, in a private one also on the discovery topic of that ' +
      'time. What people speak who wrote to us is found out without it.',
    params: z.object({ chat, legacy: z.boolean() }),
    result: z.object({}),
  }),
  'chat.messages': route({
    summary:
      'Messages of a chat in their order, the newest last: the newest there are, or those `before` or `after` a message or a ' +
      'clock, or those `around` a message. `before`, with the oldest one shown, pages back.',
    params: z.object({
      chat,
      before: place.optional(),
      after: place.optional(),
      around: messageId.optional(),
      limit: count.optional(),
    }),
    result: z.object({ messages: z.array(MESSAGE) }),
  }),
  'message.get': route({
    summary: 'One message, received or own; of own ones `delivery` says how far it got.',
    params: z.object({ messageId }),
    result: z.object({ message: MESSAGE }),
  }),
  'message.image': route({
    summary: 'The image of a message whose `content` is one.',
    params: z.object({ messageId }),
    result: z.object({ image: PICTURE.optional() }),
  }),
  search: route({
    summary:
      'Messages with all of these words, the newest first. A word may be the beginning of one, case and accents do not count, ' +
      'nothing is syntax; what stands without spaces has to stand so. `fromMs` and `toMs` are clocks; `before`, with the last ' +
      'one found, goes on.',
    params: z.object({
      text: z.string().max(1000),
      chat: chat.optional(),
      author: publicKey.optional(),
      fromMs: z.number().int().min(0).optional(),
      toMs: z.number().int().min(0).optional(),
      before: messageId.optional(),
      limit: count.optional(),
    }),
    result: z.object({ messages: z.array(MESSAGE) }),
  }),
  'history.chats': route({
    summary:
      'How each chat stands: messages of others that were not seen, whether it is muted, put away, or `deniable` (see ' +
      '`chat.setDeniable`).',
    params: none,
    result: z.object({ chats: z.array(CHAT_STATE) }),
  }),
  'history.markSeen': route({
    summary:
      'The person has seen a message and all before it, or everything in the chat. `unread`: how many are left. What comes late, ' +
      'with a lower clock, is unread all the same.',
    params: z.object({ chat, messageId: messageId.optional() }),
    result: z.object({ unread: z.number().int() }),
  }),
  'history.setArchived': route({
    summary: "Puts a chat away. Somebody else's message brings it back, unless it is muted; an own one does.",
    params: z.object({ chat, archived: z.boolean() }),
    result: z.object({}),
  }),
  'contact.add': route({
    summary:
      'Remembers a person, under a name of your own if you like (without one, an earlier name is forgotten), and listens ' +
      'for the keys that they publish: once those are heard, what you write to them has forward secrecy from the first ' +
      'message on.',
    params: z.object({ publicKey, name: z.string().max(100).optional() }),
    result: z.object({ publicKey: z.string() }),
  }),
  'contact.list': route({
    summary:
      'The persons remembered. `usesRatchet`: they have written with forward secrecy, so anything weaker from them is ' +
      '`downgraded`; `security`: what was chosen with `contact.setSecurity`; `state`: see docs/contacts.md; `profile`: what ' +
      'they say of themselves, which nobody has verified.',
    params: none,
    result: z.object({ contacts: z.array(CONTACT) }),
  }),
  'contact.request': route({
    summary:
      'Asks a person to be contacts of each other, and remembers them, under a name of your own if you like. If they had ' +
      'asked, this is the answer. Again, it greets them again.',
    params: z.object({ publicKey, name: z.string().max(100).optional() }),
    result: z.object({}),
  }),
  'contact.accept': route({
    summary: 'Says yes to somebody who asked, and remembers them. Error `no-such-request` if nobody did.',
    params: z.object({ publicKey, name: z.string().max(100).optional() }),
    result: z.object({}),
  }),
  'contact.dismiss': route({
    summary:
      'Says no to somebody who asked; they are not told. They can ask again after a week, three times in all.',
    params: z.object({ publicKey }),
    result: z.object({}),
  }),
  'contact.requests': route({
    summary: 'Who asked and was not answered yet.',
    params: none,
    result: z.object({ people: z.array(PERSON) }),
  }),
  'contact.block': route({
    summary:
      'Nothing of theirs is read any more, in private, in groups or in public chats. What they said before stays stored, and is ' +
      'shown nowhere until they are unblocked.',
    params: z.object({ publicKey }),
    result: z.object({}),
  }),
  'contact.unblock': route({
    summary: 'Takes a block back, as if they had never been met.',
    params: z.object({ publicKey }),
    result: z.object({}),
  }),
  'contact.blocked': route({
    summary: 'Whom you blocked.',
    params: none,
    result: z.object({ people: z.array(PERSON) }),
  }),
  'contact.mute': route({
    summary:
      'Messages of a chat, or of a person wherever they write, come as `muted`. With `muted` false they do not any more.',
    params: z.object({ chat, muted: z.boolean().default(true) }),
    result: z.object({}),
  }),
  'contact.only': route({
    summary:
      'Whether only contacts and people that you wrote to are heard in private (`on`); of others only that they asked is ' +
      'kept. Without `on` it tells how it is.',
    params: z.object({ on: z.boolean().optional() }),
    result: z.object({ on: z.boolean() }),
  }),
  'contact.profile': route({
    summary:
      'What you say of yourself to everybody you asked or accepted, in the place of all that you said before: `name` (256 bytes), ' +
      '`picture` (PNG, JPEG, WebP or GIF of at most 100,000 bytes, base64). Without either it tells how it is; with ' +
      '`clear` nothing is said.',
    params: z.object({
      name: z.string().max(256).optional(),
      picture: base64Of(100_000).optional(),
      clear: z.boolean().optional(),
    }),
    result: PROFILE,
  }),
  'contact.picture': route({
    summary: 'The picture that a contact, or somebody who asked, shows of themselves.',
    params: z.object({ publicKey }),
    result: z.object({ picture: PICTURE.optional() }),
  }),
  'contact.setSecurity': route({
    summary:
      'Chooses how all that is written to a contact is encrypted, until it is chosen again: `ratchet` (with forward secrecy ' +
      'or not at all), `dh` (without), `whisper` (by the Whisper layer alone; never `delivered`). Without `security` the ' +
      'choice is taken back: with forward secrecy as soon as that is possible.',
    params: z.object({ publicKey, security: SECURITY.optional() }),
    result: z.object({}),
  }),
  'contact.remove': route({
    summary:
      'Forgets a name and what was chosen; what was said stays until the chat is left. `removed`: whether they were a contact.',
    params: z.object({ publicKey }),
    result: z.object({ removed: z.boolean() }),
  }),
  'chat.setDeniable': route({
    summary:
      'Whether what we say in a private chat can be proven to others to be ours: if `deniable`, nothing of it is signed. No ' +
      'Go client reads that, nor does anybody to whom we are a stranger. `chat.send` fails with `not-deniable` until the other ' +
      'person has written to us or taken us as a contact, and all their devices have answered; again when they have a new one: ' +
      'write without deniability once, or ask them to be contacts, and wait for the answer.',
    params: z.object({ chat, deniable: z.boolean() }),
    result: z.object({}),
  }),
  'device.list': route({
    summary:
      'The devices of a person that are known; without `publicKey` our own, this one first. `enabled`: it is written to; our ' +
      'own other ones are not until they are enabled. `stale`: its owner has left it out for a week, so it is not written to.',
    params: z.object({ publicKey: publicKey.optional() }),
    result: z.object({
      devices: z.array(
        z.object({
          installationId: z.string(),
          isThis: z.boolean(),
          enabled: z.boolean(),
          stale: z.boolean(),
          lastActiveMs: z.number().describe('Unix milliseconds, 0 if never'),
          version: z.number().int().describe('of its keys'),
          name: z.string().optional(),
          deviceType: z.string().optional(),
        }),
      ),
    }),
  }),
  'device.enable': route({
    summary:
      'Writes to a device from now on; one of our own is told to others as well, so that they write to it too.',
    params: device,
    result: z.object({}),
  }),
  'device.disable': route({
    summary: 'Writes to a device no more.',
    params: device,
    result: z.object({}),
  }),
  'device.info': route({
    summary: 'This very device: its id, and what it is called.',
    params: none,
    result: z.object({ installationId: z.string(), name: z.string(), deviceType: z.string() }),
  }),
  'device.setName': route({
    summary:
      'What a device is called, at most 100 bytes each: without `installationId` this one, which our enabled devices are told of.',
    params: z.object({
      name: z.string().max(100),
      deviceType: z.string().max(100),
      installationId: z.string().max(200).optional(),
      publicKey: publicKey.optional(),
    }),
    result: z.object({}),
  }),
  'device.pair': route({
    summary:
      'Makes this device known to our other ones, which tell it as `device` (`paired`). Then each is enabled on the other ' +
      'with `device.enable`; from then on what is said in private on one is on both.',
    params: none,
    result: z.object({}),
  }),
  'device.sync': route({
    summary:
      'Sends chats, contacts and their names to our enabled devices; later changes go by themselves. `untold`: what a Go ' +
      'client among them is not told of, because there is too much. Error `no-such-device` if none is enabled.',
    params: none,
    result: z.object({
      chats: z.number().int(),
      contacts: z.number().int(),
      messages: z.number().int().describe('that carry them'),
      untold: z.number().int(),
    }),
  }),
  ...GROUP_ROUTES,
  ...COMMAND_ROUTES,
  'stats.rejected': route({
    summary: 'How many payloads were kept out of all chats since the start, by reason.',
    params: none,
    result: z.object({ rejected: z.record(z.string(), z.number()) }),
  }),
  'stats.dropped': route({
    summary:
      'How much was dropped since the start to stay within bounds: `strangers` who wrote unasked (500, 64 MiB), ' +
      '`stranger-messages`, `invitations` to groups (100 of strangers, 16 MiB), `events` (10,000), `device-messages` for our own other devices (1,000 wait at most).',
    params: none,
    result: z.object({ dropped: z.record(z.string(), z.number()) }),
  }),
}
