import { rmSync } from 'node:fs'
import { changeKey } from './cipher.ts'
import { type DatabaseFile, openDatabase } from './database.ts'
import { translated } from './error.ts'
import { copyIntoPlace, moveIntoPlace } from './files.ts'
import { removeBackups } from './migrations.ts'

/**
 * Encrypts a closed database, its log empty, anew, as a copy that takes the file's place when it is complete and opens with the new key:
 * a crash at any point leaves a whole file under the old key or under the new one. Needs room for the copy.
 * Copies from before an upgrade are deleted, since the old key opens them.
 */
export function rewriteWithKey(file: DatabaseFile, newKey: Uint8Array): void {
  const copy = { ...file, path: `${file.path}.rekey` }
  try {
    translated(file.path, () => copyIntoPlace(file.path, copy.path))
    encryptAnew(copy, newKey)
    openDatabase({ ...copy, key: newKey }).close()
    translated(file.path, () => {
      removeBackups(file.path)
      moveIntoPlace(copy.path, file.path) // the last step: what fails before it leaves the old key
    })
  } finally {
    translated(file.path, () => removeRekeyed(file.path))
  }
}

/** What a crash may have left. */
export function removeRekeyed(path: string): void {
  for (const rest of ['', '-wal', '-journal', '.unfinished']) rmSync(`${path}.rekey${rest}`, { force: true })
}

function encryptAnew(copy: DatabaseFile, newKey: Uint8Array): void {
  const connection = openDatabase(copy)
  try {
    translated(copy.path, () => {
      connection.pragma('journal_mode = DELETE') // SQLite changes no key while there is a WAL
      changeKey(connection, newKey)
    })
  } finally {
    connection.close()
  }
}
