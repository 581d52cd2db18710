/** `status account create | show | import`. */
import { readFileSync } from 'node:fs'
import { to0xHex } from '@status-protocol/bytes'
import { type MnemonicLength, publicKeyToText, threeWordName } from '@status-protocol/trust'
import { createAccount, importAccount, loadAccount } from '../account-store.ts'
import { CliError } from '../error.ts'
import { reasonOf } from '../reason.ts'
import type { OpenAccount } from '../sealed-account.ts'
import type { Settings } from '../settings.ts'
import { standardInput } from '../standard-input.ts'

const LENGTHS: readonly number[] = [12, 15, 18, 21, 24]

export async function create(settings: Settings, { words }: { readonly words: string }): Promise<string> {
  const length = Number(words)
  if (!LENGTHS.includes(length))
    throw new CliError('invalid-argument', `--words: expected ${LENGTHS.join(', ')}, got ${words}`)
  const opened = await createAccount(settings, length as MnemonicLength)
  return describe(opened, settings, { withMnemonic: true })
}

export async function show(
  settings: Settings,
  { mnemonic }: { readonly mnemonic?: boolean },
): Promise<string> {
  return describe(await loadAccount(settings), settings, { withMnemonic: mnemonic ?? false })
}

/** The words come by file or standard input: an argument would stay in the shell's history. */
export async function restore(
  settings: Settings,
  { mnemonicFile }: { readonly mnemonicFile?: string },
): Promise<string> {
  const words = await readWords(mnemonicFile)
  return describe(await importAccount(settings, words), settings, { withMnemonic: false })
}

function readWords(path = '-'): string | Promise<string> {
  if (path === '-') return standardInput('Type the words, then Enter and Ctrl-D:')
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new CliError('invalid-argument', `mnemonic file ${path} cannot be read (${reasonOf(error)})`)
  }
}

function describe(
  { account, mnemonic, isProtected }: OpenAccount,
  { dataDir, json }: Settings,
  { withMnemonic }: { readonly withMnemonic: boolean },
): string {
  const { publicKey } = account.chatKey
  const view = {
    publicKey: to0xHex(publicKey),
    compressedKey: publicKeyToText(publicKey),
    name: threeWordName(publicKey),
    address: account.walletKey(0).address,
    dataDir,
    protected: isProtected,
    ...(withMnemonic ? { mnemonic } : {}),
  }
  if (json) return JSON.stringify(view)
  const lines = [
    `Name        ${view.name}`,
    `Public key  ${view.publicKey}`,
    `Short form  ${view.compressedKey}`,
    `Address     ${view.address}`,
    `Kept in     ${dataDir}${isProtected ? '' : ' (no password: whoever reads this directory is you)'}`,
  ]
  if (withMnemonic) lines.push('', 'Write these words down; they are the account:', `  ${mnemonic}`)
  return lines.join('\n')
}
