/** `status account ...`: declared here, each does its work in a file of its own. */
import type { Storage } from '@status-protocol/ports'
import type { Command } from 'commander'
import * as account from './commands/account.ts'
import type { FileFlags, PasswordFlags } from './commands/account-file.ts'
import * as accountFile from './commands/account-file.ts'
import { CliError } from './error.ts'
import type { OpenAccount } from './sealed-account.ts'
import { type Flags, type Settings, settingsFrom } from './settings.ts'

export interface Stored {
  readonly opened: OpenAccount
  readonly storage: Storage
  readonly settings: Settings
}

export interface Declaring {
  withAccount(command: Command): Command
  withStorage(flags: Flags, run: (stored: Stored) => Promise<void>): Promise<void>
  printed(text: Promise<string>): Promise<void>
}

export function declareAccount(
  accountCommand: Command,
  { withAccount, withStorage, printed }: Declaring,
): void {
  accountCommand.description('Make, show, restore, protect or move the account.')
  withAccount(accountCommand.command('create'))
    .description('Make an account; prints the words to write down.')
    .option('--words <n>', '12, 15, 18, 21 or 24', '12')
    .action((flags: Flags & { words: string }) => printed(account.create(settingsFrom(flags), flags)))
  withAccount(accountCommand.command('show'))
    .description('Show who you are.')
    .option('--mnemonic', 'also the words that are the account: keep them secret')
    .action((flags: Flags & { mnemonic?: boolean }) => printed(account.show(settingsFrom(flags), flags)))
  withAccount(accountCommand.command('import'))
    .description('Restore an account: from an export with its history, or from its words.')
    .argument('[file]', 'an export; - for standard input. Without it, words are read from standard input')
    .option('--mnemonic-file <path>', 'a file with the words; - for standard input')
    .option(
      '--file-password-file <path>',
      "a file with the export's password, if it is not that of the account",
    )
    .action((file: string | undefined, flags: Flags & FileFlags & { mnemonicFile?: string }) => {
      if (file !== undefined && flags.mnemonicFile !== undefined)
        throw new CliError('invalid-argument', 'account import: give an export or words, not both')
      const settings = settingsFrom(flags)
      return printed(
        file === undefined ? account.restore(settings, flags) : accountFile.importFile(file, settings, flags),
      )
    })
  withAccount(accountCommand.command('export'))
    .description('Write the account and all messages to one encrypted file, for a new device or to keep.')
    .argument('<file>', '- for standard output: ... export - | ssh other status account import -')
    .option(
      '--file-password-file <path>',
      'a file with the password that it gets, if not that of the account',
    )
    .action((file: string, flags: Flags & FileFlags) =>
      withStorage(flags, async ({ opened, storage, settings }) => {
        const told = await accountFile.exportTo(file, { opened, storage, settings, flags })
        if (told) console.log(told)
      }),
    )
  withAccount(accountCommand.command('password'))
    .description('Change the password, and with it the key of the database.')
    .option('--new-password-file <path>', 'a file with the new one')
    .option('--remove', 'none any more')
    .action((flags: Flags & PasswordFlags) => printed(accountFile.password(settingsFrom(flags), flags)))
}
