/** What devices of 2019 among ours are told, in their own words: who we are, contacts, our profile, public chats. */
import { fromHex, type PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { PairInstallation, SyncContact, SyncInstallation } from '@status-protocol/payload'
import { pairInstallationToV0, syncInstallationToV0 } from '@status-protocol/payload/v0'
import { threeWordName } from '@status-protocol/trust'
import { type ChatId, chatWithId } from '../chat.ts'
import { wrapForDevice } from '../generations.ts'
import type { Reads } from '../stage.ts'
import { personFacts, profileFacts, syncAccount, syncContact } from './facts.ts'
import type { Item } from './portions.ts'
import { getDevice, type LegacyForm } from './tables.ts'

export interface LegacyContext {
  readonly identity: { readonly privateKey: Uint8Array }
  readonly crypto: CryptoProvider
}

/** The forms that these devices read; none if all speak v1. */
export async function legacyForms(
  reads: Pick<Reads, 'get'>,
  devices: readonly { readonly id: string }[],
): Promise<readonly LegacyForm[]> {
  const known = await Promise.all(devices.map(({ id }) => getDevice(reads, id)))
  return [...new Set(known.flatMap((device) => device?.legacy ?? []))]
}

/** What a device says of itself, signed and wrapped. */
export function legacyIntroduction(
  form: LegacyForm,
  said: PairInstallation,
  context: LegacyContext,
): Uint8Array {
  return wrapForDevice(form, pairInstallationToV0(said), context)
}

/**
 * What is told of these subjects, each part signed and wrapped: contacts that were added, public chats that were joined, our
 * profile. Such devices are not told what was removed, left or blocked.
 */
export function forLegacy(
  forms: readonly LegacyForm[],
  items: readonly Item[],
  context: LegacyContext,
): Uint8Array[] {
  if (forms.length === 0) return []
  const parts = syncInstallationToV0(syncOf(items), { crypto: context.crypto })
  return forms.flatMap((form) => parts.map((part) => wrapForDevice(form, part, context)))
}

function syncOf(items: readonly Item[]): SyncInstallation {
  const profile = items.find(({ kind, value }) => kind === 'profile' && value !== '')
  const { name, picture } = profileFacts(profile?.value ?? '')
  return {
    type: 'sync-installation',
    contacts: items.flatMap(contactOf),
    publicChats: items.flatMap(({ kind, id, clock, value }) => {
      const chat = kind === 'chat' && value === 'here' ? chatWithId(id as ChatId) : undefined
      return chat?.kind === 'public' ? [{ type: 'sync-public-chat' as const, clock, id: chat.name }] : []
    }),
    ...(profile && (name || picture) ? { account: syncAccount(profile) } : {}),
    chats: [],
  }
}

/** Everybody has a name there: what we call them, what they call themselves, or their three words. */
function contactOf(item: Item): SyncContact[] {
  if (item.kind !== 'contact') return []
  const { contact, state, name } = personFacts(item.value)
  if (!contact || state === 'blocked') return []
  const said = syncContact(item.id, item, item.told)
  return [{ ...said, ensName: name || said.ensName || threeWordName(fromHex(item.id) as PublicKey) }]
}
