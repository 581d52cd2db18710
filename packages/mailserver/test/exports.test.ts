import { expect, it } from 'vitest'
import * as mailserver from '../src/index.ts'

it('exports what the table of contents says', () => {
  expect(Object.keys(mailserver).sort()).toEqual([
    'CURSOR_BYTES',
    'HISTORY_TABLE',
    'MAX_REQUEST_TOPICS',
    'MailserverError',
    'compareArchives',
    'createHistoryClient',
    'createMailserver',
    'createSyncClient',
    'cursorFrom',
    'cursorOf',
    'decodeMailRequest',
    'encodeMailRequest',
    'exportArchive',
    'formOf',
    'guardLink',
    'importArchive',
    'readExport',
    'repairArchives',
    'verifyArchive',
  ])
})
