/** `status devices`: the devices of this account, pairing a new one, and what they have in common. */
import type { Device, Messenger, SyncReport } from '@status-protocol/messenger'
import { CliError } from '../error.ts'
import { shortened } from '../screen.ts'
import type { Session } from '../session.ts'
import { terminalText } from '../terminal-text.ts'

export interface DevicesInput {
  /** What this device is called from now on. */
  readonly name?: string
  readonly deviceType?: string
  /** Whole installation ids, or as much of one as tells it from the others. */
  readonly enable?: string
  readonly disable?: string
  readonly pair?: boolean
  readonly sync?: boolean
  /** How long another device is waited for. */
  readonly timeoutMs: number
  readonly json: boolean
}

/** Nobody repeats an announcement to a device that was not there yet. */
const ANNOUNCE_EVERY_MS = 2_000
const LOOK_EVERY_MS = 100

/** What can be told before anything is opened. @throws CliError `invalid-argument` */
export function checkDevices({ enable, disable }: Pick<DevicesInput, 'enable' | 'disable'>): void {
  for (const [flag, id] of Object.entries({ '--enable': enable, '--disable': disable }))
    if (id === '')
      throw new CliError(
        'invalid-argument',
        `${flag}: expected the id of another device, or how it begins, got nothing; status devices shows them`,
      )
}

/** @throws CliError `no-such-device`, `no-answer`; MessengerError `no-such-device`, `invalid-text` */
export async function devices(
  session: Session,
  input: DevicesInput,
  print: (line: string) => void,
): Promise<void> {
  const { messenger } = session
  const { installationId, name, deviceType } = await messenger.devices.info()
  if (input.name !== undefined || input.deviceType !== undefined)
    await messenger.devices.setMetadata(installationId, {
      name: input.name ?? name,
      deviceType: input.deviceType ?? deviceType,
    })
  for (const [start, enabled] of [
    [input.enable, true],
    [input.disable, false],
  ] as const)
    if (start !== undefined) await messenger.devices.setEnabled(await deviceNamed(messenger, start), enabled)
  if (input.pair || input.sync) await session.connect()
  if (input.pair) await pair(session, input)
  if (input.sync) print(syncLine(await sync(session, input), input.json))
  if (input.sync) return
  const list = await messenger.devices.list()
  for (const device of list) print(input.json ? JSON.stringify(device) : deviceLine(device))
}

/** Announces this device until another one has announced itself. */
async function pair({ messenger, events, close }: Session, { timeoutMs }: DevicesInput): Promise<void> {
  const announce = setInterval(() => void messenger.devices.pair().catch(() => undefined), ANNOUNCE_EVERY_MS)
  const timer = setTimeout(() => void close(), timeoutMs)
  try {
    await messenger.devices.pair()
    for await (const event of events)
      if (event.type === 'device' && event.change === 'paired') return void (await messenger.devices.pair())
  } finally {
    clearInterval(announce)
    clearTimeout(timer)
  }
  throw noAnswer('no other device of this account announced itself', timeoutMs)
}

async function sync({ messenger }: Session, { timeoutMs }: DevicesInput): Promise<SyncReport> {
  const report = await messenger.devices.sync()
  for (let left = timeoutMs; (await messenger.devices.waiting()) > 0; left -= LOOK_EVERY_MS) {
    if (left <= 0) throw noAnswer('no device of ours has acknowledged everything', timeoutMs)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  return report
}

async function deviceNamed(messenger: Messenger, start: string): Promise<string> {
  const all = await messenger.devices.list()
  const others = all.filter(({ isThis }) => !isThis)
  const found = others.filter(({ installationId }) => installationId.startsWith(start))
  if (found.length === 1 && found[0]) return found[0].installationId
  const isOwn = all.some(({ isThis, installationId }) => isThis && installationId.startsWith(start))
  const got = JSON.stringify(shortened(start, 60))
  if (isOwn && found.length === 0)
    throw noSuchDevice(`${got} is this device, which is always used: give the id of another one`)
  if (others.length === 0)
    throw noSuchDevice(
      `no other device is known yet, got ${got}: first status devices --pair, on both at the same time`,
    )
  throw noSuchDevice(`${got} begins the id of ${found.length} other devices: give the start of one`)
}

function noSuchDevice(why: string): CliError {
  return new CliError('no-such-device', `${why}; status devices shows them`)
}

/** `3066d9a0-... my phone (android), enabled`; the id is what nobody else can choose. */
function deviceLine({ installationId, isThis, name, deviceType, enabled, stale }: Device): string {
  const called = name ? ` ${terminalText(name)}` : ''
  const type = deviceType ? ` (${terminalText(deviceType)})` : ''
  const state = isThis
    ? 'this one'
    : !enabled
      ? 'not enabled'
      : stale
        ? 'enabled, not heard of for long'
        : 'enabled'
  return `${terminalText(installationId)}${called}${type}, ${state}`
}

function syncLine({ chats, contacts, untold, ...report }: SyncReport, json: boolean): string {
  if (json) return JSON.stringify({ chats, contacts, untold, ...report })
  const left = untold > 0 ? `; ${untold} were too many for a Go client among them` : ''
  return `Sent ${chats} chats and contacts of ${contacts} people${left}.`
}

function noAnswer(what: string, timeoutMs: number): CliError {
  return new CliError(
    'no-answer',
    `${what} within ${timeoutMs / 1000} s: both need to be there at the same time`,
  )
}
