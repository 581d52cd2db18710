import { Command, CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { NodeError } from '../src/error.ts'
import { exitCodeOf, explainUsage, failureOf, failureText } from '../src/failure.ts'
import { checkTrace } from '../src/trace/command.ts'

describe('what went wrong', () => {
  it('is one line for a terminal, or an object for scripts', () => {
    const hostile = failureOf(new NodeError('data-dir', `a\u001b[31m\n b${'x'.repeat(1e6)}`))
    expect(hostile?.message).toMatch(/^a\ufffd\[31m bx/)
    expect(hostile?.message.length).toBeLessThan(2_100)
    const failure = { code: 'locked', message: 'in use "' }
    expect(failureText(failure, false)).toBe('status-node: in use "')
    expect(JSON.parse(failureText(failure, true))).toEqual({ error: failure })
  })

  it.each([
    [new NodeError('invalid-config', 'x'), 'invalid-config', 2],
    [new NodeError('listen', 'x'), 'listen', 4],
    [new Error('a defect'), 'failed', 1],
    ['text', 'failed', 1],
  ])('%s: a stable code and an exit code', (error, code, exitCode) => {
    expect(failureOf(error)?.code).toBe(code)
    expect(exitCodeOf(error)).toBe(exitCode)
  })

  it.each([
    [
      ['archive', 'frob'],
      "status-node: unknown command 'frob' (status-node archive --help shows what there is)\n",
    ],
    [['archive', 'export'], /'file' \(status-node archive export --help shows what there is\)\n$/],
    [['\u001b'], "status-node: unknown command '\ufffd' (status-node --help shows what there is)\n"],
  ])('%j: says what is wrong and whose help to read', (argv, says) => {
    let text = ''
    const program = new Command('status-node').exitOverride()
    program.configureOutput({
      writeErr: (piece) => {
        text += piece
      },
    })
    program
      .command('archive')
      .command('export')
      .argument('<file>')
      .action(() => undefined)
    explainUsage(program, () => false)
    expect(() => program.parse([...argv], { from: 'user' })).toThrow(CommanderError)
    if (typeof says === 'string') expect(text).toBe(says)
    else expect(text).toMatch(says)
  })

  it('with what is asked of a node is said before it is asked', () => {
    expect(checkTrace(`0x${'aB'.repeat(32)}`, 50)).toBeUndefined()
    expect(checkTrace(undefined, 1)).toBeUndefined()
    for (const hash of ['', '0x12', `0x${'ab'.repeat(33)}`])
      expect(() => checkTrace(hash, 50)).toThrow(
        /^trace: expected the hash of an envelope, 0x and 64 hex digits/,
      )
    for (const recent of [0, 1.5, 1_001, Number.NaN])
      expect(() => checkTrace(undefined, recent)).toThrow(/^--recent: expected 1 to 1000, got /)
  })
})
