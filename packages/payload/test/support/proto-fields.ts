import type { ChatMessage, Image, Message } from '@status-protocol/payload'

/** Our message as the golden files show one: names of the .proto fields, zero values left out, bytes as base64. */
export function fieldsOf(value: Message | object): unknown {
  const fields: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(value)) {
    if (key === 'type' || key === 'sticker' || key === 'image' || isZero(field)) continue
    fields[key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] = plain(field)
  }
  if ('type' in value && value.type === 'chat') fields.Payload = contentOf(value as ChatMessage)
  return fields
}

function contentOf(value: ChatMessage): unknown {
  if (value.sticker) return { Sticker: fieldsOf(value.sticker) }
  return value.image ? { Image: imageFields(value.image) } : null
}

function imageFields({ payload, format }: Image): unknown {
  return { ...(payload.length > 0 && { payload: base64(payload) }), ...(format !== 0 && { type: format }) }
}

function plain(field: unknown): unknown {
  if (field instanceof Uint8Array) return base64(field)
  if (typeof field === 'bigint')
    return field > BigInt(Number.MAX_SAFE_INTEGER) ? String(field) : Number(field)
  if (Array.isArray(field)) return field.map(plain)
  return typeof field === 'object' && field !== null ? fieldsOf(field) : field
}

function isZero(field: unknown): boolean {
  return field === 0 || field === 0n || field === '' || (Array.isArray(field) && field.length === 0)
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
