/**
 * Reading 100,000 messages: search by words, chat, author and time; pages in both directions; what the index costs a commit.
 *
 *   node --conditions=@status-protocol/source --import tsx bench/history.ts [messages]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBigInt, to0xHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { type Message, type MessageIdText, messageTexts, openHistory } from '@status-protocol/messenger'
import { createSqliteStorage, DATABASE_FILE } from '@status-protocol/storage-sqlite'
import { parseChat } from '../packages/messenger/src/chat.ts'
import { putChat, putMessage } from '../packages/messenger/src/tables.ts'

const MESSAGES = Number(process.argv[2] ?? 100_000)
const TARGET_MS = 50
const BATCH = 500

let state = 7
const random = (below: number): number => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
  return (state >> 8) % below
}
/** As languages are: few words are most of what is said. */
const words = Array.from({ length: 20_000 }, (_, i) => {
  let word = ''
  for (let left = i * 7919 + 13; left > 0; left = Math.floor(left / 26))
    word += String.fromCharCode(97 + (left % 26))
  return word
})
const word = (): string => words[Math.floor(words.length * (random(1000) / 1000) ** 3)] as string
const chats = Array.from({ length: 10 }, (_, i) => parseChat(`#chat-${i}`))
const authors = Array.from({ length: 200 }, (_, i) =>
  crypto.publicKey(crypto.keccak256(fromBigInt(BigInt(i), 8))),
)
const FIRST_MS = 1_600_000_000_000

function message(n: number): Message {
  const text = Array.from({ length: 3 + random(20) }, word).join(' ')
  return {
    id: to0xHex(crypto.keccak256(fromBigInt(BigInt(n), 8))) as MessageIdText,
    chat: (chats[random(chats.length)] as (typeof chats)[0]).id,
    author: authors[random(authors.length)] as Uint8Array,
    text: `${text}${n % 2 ? ' the' : ''}${n % 10_000 === 0 ? ' rarely' : ''}`,
    clock: BigInt(FIRST_MS + n * 1000),
    timestampMs: BigInt(FIRST_MS + n * 1000),
    contentType: 1,
    own: false,
    security: 'whisper',
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await run()
  return performance.now() - started
}

const key = crypto.keccak256(new Uint8Array(1))
for (const texts of [undefined, messageTexts]) {
  const directory = mkdtempSync(join(tmpdir(), 'bench-history-'))
  const open = () => createSqliteStorage({ directory, key, ...(texts && { texts }) })
  let storage = await open()
  await storage.commit(chats.map((chat) => putChat({ chat, joinedAtMs: 0, lastClock: 0n })))
  const filling = await timed(async () => {
    for (let n = 0; n < MESSAGES; n += BATCH)
      await storage.commit(Array.from({ length: BATCH }, (_, i) => putMessage(message(n + i))).flat())
  })
  const singly = await timed(async () => {
    for (let n = 0; n < 200; n++) await storage.commit(putMessage(message(MESSAGES + n)))
  })
  await storage.close()
  const megabytes = statSync(join(directory, DATABASE_FILE)).size / 1e6
  console.log(
    `${texts ? 'with' : 'without'} an index: ${(MESSAGES / filling).toFixed(1)} messages/ms ${BATCH} at a time, ` +
      `${(singly / 200).toFixed(2)} ms one by one, ${megabytes.toFixed(0)} MB`,
  )
  if (texts) {
    storage = await open()
    const history = openHistory(storage)
    const [chat, author] = ['#chat-3', authors[7] as Uint8Array]
    const middle = (await history.messages(chat, { before: BigInt(FIRST_MS + MESSAGES * 500), limit: 1 }))[0]
      ?.id as MessageIdText
    const questions: Record<string, () => Promise<unknown>> = {
      'a word that half of all have': () => history.search('the'),
      'a letter': () => history.search('t'),
      'a rare word': () => history.search('rarely'),
      'no word': () => history.search('nowhere'),
      'two words': () => history.search(`${words[3]} ${words[5]}`),
      'a word in a chat': () => history.search('the', { chat }),
      'a word of a person in a chat': () => history.search('the', { chat, author }),
      'a word in the oldest hour': () => history.search('the', { toMs: FIRST_MS + 3_600_000 }),
      'all of a person': () => history.search('', { author }),
      'the newest page': () => history.messages(chat),
      'a page before the middle': () => history.messages(chat, { before: middle }),
      'a page after the middle': () => history.messages(chat, { after: middle }),
      'a page around the middle': () => history.messages(chat, { around: middle }),
    }
    for (const [what, ask] of Object.entries(questions)) {
      const [first, ...more] = [await timed(ask), await timed(ask), await timed(ask), await timed(ask)] as [
        number,
        ...number[],
      ]
      const again = Math.min(...more)
      const verdict = first <= TARGET_MS ? '' : `   above ${TARGET_MS} ms`
      console.log(
        `${what.padEnd(32)} first ${first.toFixed(1).padStart(6)} ms, again ${again.toFixed(1).padStart(5)} ms${verdict}`,
      )
    }
    await storage.close()
  }
  rmSync(directory, { recursive: true })
}
