import { to0xHex } from '@status-protocol/bytes'
import type { MessengerEvent } from '@status-protocol/messenger'
import { contactChangeView } from './contact-view.ts'
import { groupNoteView } from './group-view.ts'
import { historyView } from './history-view.ts'
import { messageView } from './message-view.ts'

/** The parameters of the notification that tells an event. */
export function eventView(event: MessengerEvent): object {
  if (event.type === 'history') return { ...historyView(event.change), seq: event.seq }
  if (event.type === 'message') {
    const { message, seq, late, muted } = event
    return { ...messageView(message), seq, late, ...(muted ? { muted } : {}) }
  }
  if (event.type === 'undecryptable')
    return { from: to0xHex(event.from), reason: event.reason, healing: event.healing, seq: event.seq }
  if (event.type === 'device') {
    const { type: _type, of, contacts, ...told } = event
    return {
      publicKey: to0xHex(of),
      ...told,
      ...(contacts && { contacts: contacts.map((person) => to0xHex(person)) }),
    }
  }
  if (event.type === 'group') return { group: event.chat, ...groupNoteView(event.change), seq: event.seq }
  if (event.type === 'contact') return { ...contactChangeView(event), seq: event.seq }
  if (event.type === 'chat') {
    const { chat, unread, muted, archived, seq } = event
    return { chat, unread, muted, archived, seq }
  }
  if (event.type === 'command') {
    const { type: _type, ...told } = event
    return told
  }
  return {
    chat: event.chat,
    messageId: event.messageId,
    to: event.to ? to0xHex(event.to) : event.chat,
    state: event.state,
    ...(event.installation === undefined ? {} : { installation: event.installation }),
    ...(event.elsewhere ? { elsewhere: true, late: event.late ?? false } : {}),
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    seq: event.seq,
  }
}
