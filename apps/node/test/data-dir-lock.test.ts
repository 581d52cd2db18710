import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { type DataDirLock, lockDataDir, ownerOf } from '../src/data-dir-lock.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'status-lock-'))
  undo.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function held(path: string, state?: () => object): Promise<DataDirLock> {
  const lock = await lockDataDir(path, state)
  undo.push(() => lock.release())
  return lock
}

describe('the lock of a data directory', () => {
  it('is held by one at a time and told by its owner', async () => {
    const path = join(directory(), 'made', 'for it')
    let peers = 1
    const lock = await held(path, () => ({ peers }))
    expect(statSync(path).mode & 0o777).toBe(0o700)
    await expect(lockDataDir(path)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/in use by this process already: stop it, or choose another/),
    })
    expect(await ownerOf(path)).toEqual({ pid: process.pid, peers: 1 })
    peers = 2
    expect(await ownerOf(path)).toMatchObject({ peers: 2 })
    await lock.release()
    expect(await ownerOf(path)).toBeUndefined()
    expect(readdirSync(path)).toEqual([])
    await held(path)
  })

  it('names another process, and goes to the next one when that is killed', async () => {
    const path = directory()
    const child = await holderProcess(path)
    await expect(lockDataDir(path)).rejects.toMatchObject({
      code: 'locked',
      message: `data directory ${path} is in use by another node, process ${child.pid}: stop it, or choose another with --data-dir`,
    })
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    expect(readdirSync(path)).toHaveLength(1)
    await held(path)
    expect(await ownerOf(path)).toEqual({ pid: process.pid })
    expect(readdirSync(path)).toHaveLength(1)
  })

  it.each([1, 2, 3])('is taken over by exactly one of many that come at once (%i)', async () => {
    const path = directory()
    const child = await holderProcess(path)
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => held(path)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await ownerOf(path)).toMatchObject({ pid: process.pid })
    expect(readdirSync(path)).toHaveLength(1)
  })

  it('goes to one of many processes that start at once, each time one ends', async () => {
    const path = directory()
    const lock = await held(path)
    const holders = await Promise.allSettled(Array.from({ length: 4 }, () => holderProcess(path)))
    expect(holders.map(({ status }) => status)).toEqual(Array(4).fill('rejected'))
    await lock.release()
    const again = await Promise.allSettled(Array.from({ length: 4 }, () => holderProcess(path)))
    expect(again.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('is respected while its owner does not answer, and is no matter of patience for long', async () => {
    const path = directory()
    const silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(join(path, 'lock-0.sock'), resolve))
    undo.push(() => silent.close())
    await expect(lockDataDir(path)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining('in use by another node:'),
    })
  })

  it('is not held up by those who ask and do not read', async () => {
    const path = directory()
    const lock = await held(path, () => ({ text: 'x'.repeat(30_000) }))
    const lazy = connect(join(path, readdirSync(path)[0] as string)).pause()
    undo.push(() => lazy.destroy())
    await new Promise((resolve) => lazy.once('connect', resolve))
    await lock.release()
    await held(path)
  })

  it('works in directories whose path is longer than that of a socket may be', async () => {
    const path = join(directory(), 'x'.repeat(120))
    await held(path)
    await expect(lockDataDir(path)).rejects.toMatchObject({ code: 'locked' })
  })

  it('explains a directory that cannot be made', async () => {
    const file = join(directory(), 'file')
    writeFileSync(file, '')
    await expect(lockDataDir(join(file, 'under a file'))).rejects.toMatchObject({
      code: 'data-dir',
      message: expect.stringMatching(
        /cannot be made \((?:ENOTDIR|EEXIST): [a-z ]+\); choose another with --data-dir/,
      ),
    })
  })
})

async function holderProcess(path: string): Promise<ChildProcess> {
  const module = fileURLToPath(new URL('../src/data-dir-lock.ts', import.meta.url))
  const script = `const { lockDataDir } = await import(${JSON.stringify(module)})
await lockDataDir(${JSON.stringify(path)})
console.log('held')
setInterval(() => {}, 1000)`
  const flags = ['--conditions=@status-protocol/source', '--import', import.meta.resolve('tsx')]
  const child = spawn(process.execPath, [...flags, '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  undo.push(() => child.kill('SIGKILL'))
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve)
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it held the directory`)))
  })
  return child
}
