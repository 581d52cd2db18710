// Runs the vector and conformance suites of all packages and apps, or of those named, and the web page of examples/ in
// headless Chromium.
// What suites connect to is test/browser-peer.ts beside test/browser.ts: runs on Node, prints one line of JSON with the
// `origins` that the page may connect to, whose own origin it finds in PAGE_ORIGIN. The page finds all lines in /peers.json,
// by name. Programs that it starts are what was built; E2E_FROM_SOURCE=1 runs the sources instead.
//   CHROMIUM=/path node scripts/browser.mjs [package, app or web-chat ...]     default: chromium on the PATH
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { tryWebChat } from './lib/web-chat.mjs'
import { ensureBuilt, fromSource, root, workspaceFolders } from './lib/workspace.mjs'

const executablePath =
  process.env.CHROMIUM ?? find('chromium') ?? find('chromium-browser') ?? find('google-chrome')
if (!executablePath) {
  console.error('no Chromium found: install one, or name it in CHROMIUM')
  process.exit(2)
}

const asked = process.argv.slice(2).filter((arg) => arg !== '--')
const WEB_CHAT = 'web-chat'
const known = [...workspaceFolders().map((dir) => basename(dir)), WEB_CHAT]
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`there is no ${unknown.join(', ')}; there are ${known.join(', ')}`)
  process.exit(2)
}

const server = createServer(serve).listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const pageOrigin = `http://127.0.0.1:${server.address().port}`
const peers = await startPeers()
const origins = Object.values(peers).flatMap(({ line }) => line.origins)
/** Our code needs no eval; WebAssembly is named apart because of its compiler. */
const POLICY = `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${origins.join(' ')}`
const work = mkdtempSync(join(tmpdir(), 'status-protocol-browser-'))
const bundle = await bundleSuites()
const browser = await chromium.launch({ executablePath, args: chromiumFlags() })
let totals = { passed: 0, failed: 1 }
try {
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(`page: ${error.message}`))
  await page.goto(pageOrigin)
  const results = await Promise.race([page.evaluate(() => globalThis.runAll()), overTime()])
  if (isAsked(WEB_CHAT)) results.push(await Promise.race([tryWebChat(browser), overTime()]))
  totals = report(results)
} finally {
  await browser.close()
  server.close()
  await Promise.all(Object.values(peers).map(stopped))
  rmSync(work, { recursive: true, force: true })
}
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed > 0 ? 1 : 0

function report(results) {
  const sum = { passed: 0, failed: 0 }
  for (const { name, passed, total, failures, note = '' } of results) {
    console.log(`browser ${name}: ${passed}/${total}${note}`)
    for (const failure of failures) console.error(`  ${failure}`)
    sum.passed += passed
    sum.failed += total - passed
  }
  if (results.length === 0) sum.failed = 1
  return sum
}

async function startPeers() {
  const started = {}
  const folders = workspaceFolders().filter((dir) => isAsked(basename(dir)))
  const fromBuilt = process.env.E2E_FROM_SOURCE !== '1'
  if (fromBuilt && folders.some((dir) => dir.startsWith(join(root, 'apps')))) ensureBuilt()
  for (const dir of folders) {
    const file = join(dir, 'test', 'browser-peer.ts')
    if (!existsSync(file)) continue
    const env = { ...process.env, PAGE_ORIGIN: pageOrigin }
    const stdio = ['pipe', 'pipe', 'inherit']
    const child = spawn(process.execPath, [...fromSource, file], { cwd: root, env, stdio })
    started[basename(dir)] = { child, line: JSON.parse(await firstLine(child)) }
  }
  return started
}

/** A peer ends what it has started when its standard input does. */
function stopped({ child }) {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.once('exit', resolve)
    child.stdin.end()
    setTimeout(() => child.kill('SIGKILL'), 10_000).unref()
  })
}

function firstLine(child) {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    child.once('exit', () => reject(new Error('a peer for the page ended before it was ready')))
  })
}

function overTime() {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error('the suites take more than 15 minutes')), 15 * 60_000).unref()
  })
}

/** All if none is asked for. */
function isAsked(name) {
  return asked.length === 0 || asked.includes(name)
}

/** One module with every suite: test/vectors/*.ts and test/browser.ts of packages and apps. */
async function bundleSuites() {
  const imports = []
  const names = []
  for (const dir of workspaceFolders()) {
    if (!isAsked(basename(dir))) continue
    const vectors = join(dir, 'test', 'vectors')
    const files = existsSync(vectors) ? readdirSync(vectors).filter((f) => f.endsWith('.ts')) : []
    for (const file of files) add(join(vectors, file))
    const cases = join(dir, 'test', 'browser.ts')
    if (existsSync(cases)) add(cases, basename(dir))
  }
  function add(path, packageName) {
    imports.push(`import * as m${imports.length} from ${JSON.stringify(path)}`)
    names.push({ packageName })
  }
  const entry = join(work, 'entry.ts')
  writeFileSync(
    entry,
    `${imports.join('\n')}
import { runVectorSuite } from '@status-protocol/testkit'
const modules = [${imports.map((_, i) => `m${i}`).join(', ')}]
const names = ${JSON.stringify(names)}
const inTime = (promise) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error('takes more than 60 s')), 60_000)
  promise.then(resolve, reject)
})
globalThis.runAll = async () => {
  const results = []
  for (const [i, module] of modules.entries()) {
    if (module.suite) {
      const file = await (await fetch('/vectors/' + module.suite.file)).json()
      const r = await runVectorSuite(module.suite, file)
      results.push({ name: r.file, passed: r.checked, total: r.total, failures: r.failures })
    }
    if (module.cases) {
      const failures = []
      for (const { name, run } of module.cases)
        try { await inTime((async () => run())()) } catch (e) { failures.push(name + ': ' + (e?.message ?? e)) }
      const total = module.cases.length
      results.push({ name: names[i].packageName, passed: total - failures.length, total, failures })
    }
  }
  return results
}
`,
  )
  const outfile = join(work, 'bundle.js')
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@status-protocol/source', 'browser'],
    nodePaths: [join(root, 'node_modules')],
    loader: { '.json': 'json' },
    logLevel: 'error',
  })
  return readFileSync(outfile)
}

function serve(request, response) {
  const path = new URL(request.url, 'http://localhost').pathname
  const vector = /^\/vectors\/([a-z0-9-]+\.json)$/.exec(path)?.[1]
  if (path === '/')
    send(response, 'text/html', '<!doctype html><script type="module" src="/bundle.js"></script>')
  else if (path === '/bundle.js') send(response, 'text/javascript', bundle)
  else if (path === '/peers.json') {
    const lines = Object.entries(peers).map(([name, { line }]) => [name, line])
    send(response, 'application/json', JSON.stringify(Object.fromEntries(lines)))
  } else if (vector) send(response, 'application/json', readFileSync(join(root, 'vectors', vector)))
  else response.writeHead(404).end()
}

function send(response, type, body) {
  const headers = { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': POLICY }
  response.writeHead(200, headers).end(body)
}

function chromiumFlags() {
  return [
    ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
    ...['--disable-background-networking', '--disable-component-update'],
  ]
}

function find(name) {
  const { stdout, status } = spawnSync('which', [name], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
