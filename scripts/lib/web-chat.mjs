// The web page of examples/web-chat in two browser profiles that have only the relay between them.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fromSource, root } from './workspace.mjs'

/** What the page may load, in kB minified: with less than a Node library that slipped in. */
const MAX_KILOBYTES = 1_200
const LONGEST_MS = 60_000

/** As suites report: how many of the steps went well, and what went wrong. */
export async function tryWebChat(browser) {
  const server = spawn(process.execPath, [...fromSource, join(root, 'examples', 'web-chat', 'serve.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  const contexts = []
  const steps = []
  let note = ''
  const failures = []
  const step = (name, run) => steps.push({ name, run })
  const open = async (url) => {
    const context = await browser.newContext()
    contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(LONGEST_MS)
    page.on('pageerror', (error) => failures.push(`page: ${error.message}`))
    await page.goto(url)
    await page.locator('#state', { hasText: /^connected$/ }).waitFor()
    return { page, key: await page.locator('#key').textContent() }
  }
  const say = async ({ page }, to, text) => {
    await page.locator('#to').fill(to)
    await page.locator('#text').fill(text)
    await page.locator('button').click()
  }
  const sees = ({ page }, text) => page.locator('#messages li', { hasText: text }).waitFor()

  let alice
  let bob
  step('the page is not larger than it was', async () => {
    const { value: url } = await lines.next()
    const { value: size } = await lines.next()
    note = ` (${size})`
    const kilobytes = Number(/has (\d+) kB/.exec(size)[1])
    if (kilobytes > MAX_KILOBYTES) throw new Error(`${size}, expected at most ${MAX_KILOBYTES} kB`)
    ;[alice, bob] = [await open(url), await open(url)]
  })
  step('in private, with forward secrecy from the answer on', async () => {
    await say(alice, bob.key, 'hello')
    await sees(bob, 'hello [dh]')
    await sees(alice, 'you: hello [dh, delivered]')
    await say(bob, alice.key, 'hello yourself')
    await sees(alice, 'hello yourself [ratchet]')
    await sees(bob, 'you: hello yourself [ratchet, delivered]')
  })
  step('in public', async () => {
    await say(bob, '#pages', 'is anybody here?') // joins
    await sees(bob, 'you in #pages: is anybody here? [whisper, relayed]')
    await say(alice, '#pages', 'I am')
    await sees(bob, 'in #pages: I am [whisper]')
  })
  step('after a reload everything is there, and it goes on', async () => {
    await alice.page.reload()
    await sees(alice, 'hello yourself [ratchet]')
    await sees(alice, 'you: hello [dh, delivered]')
    await say(alice, bob.key, 'back again')
    await sees(bob, 'back again [ratchet]')
  })

  let passed = 0
  try {
    for (const { name, run } of steps) {
      try {
        await run()
        passed++
      } catch (error) {
        failures.push(`${name}: ${error.message}`)
        break
      }
    }
  } finally {
    for (const context of contexts) await context.close()
    server.kill()
  }
  return { name: 'examples/web-chat', passed, total: steps.length, failures, note }
}
