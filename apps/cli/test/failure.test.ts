import { CodedError } from '@status-protocol/bytes'
import { MessengerError } from '@status-protocol/messenger'
import { Command, CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { CliError } from '../src/error.ts'
import { exitCodeOf, explainUsage, failureOf, failureText } from '../src/failure.ts'
import { reasonOf } from '../src/reason.ts'

describe('what went wrong', () => {
  it('is one line that cannot move the cursor, and not longer than somebody reads', () => {
    const hostile = failureOf(new CliError('invalid-argument', `a\u001b[31m\u202e\n  b${'x'.repeat(1e6)}`))
    expect(hostile?.message).toMatch(/^a\ufffd\[31m\ufffd b/)
    expect(hostile?.message.length).toBeLessThan(1_100)
    expect(failureText({ code: 'no-account', message: 'none' }, false)).toBe('status: none')
    expect(failureText({ code: 'no-account', message: 'none "\n' }, true)).toBe(
      '{"error":{"code":"no-account","message":"none \\"\\n"}}',
    )
  })

  it.each([
    [new CliError('no-account', 'none'), 'no-account', 3],
    [new CliError('stopped', 'stopped'), 'stopped', 1],
    [new MessengerError('not-joined', 'join #x'), 'not-joined', 2],
    [new MessengerError('no-such-message', 'there is no message'), 'no-such-message', 2],
    [new MessengerError('wrong-password', 'no'), 'wrong-password', 3],
    [new MessengerError('not-allowed', 'no'), 'not-allowed', 1],
    [new CodedError('invalid-anything', 'no'), 'invalid-anything', 2],
    [new Error('a defect'), 'failed', 1],
    ['a text', 'failed', 1],
    [undefined, 'failed', 1],
  ])('%s: a stable code and an exit code', (error, code, exitCode) => {
    expect(failureOf(error)).toMatchObject({ code, exitCode })
  })

  it('of the flags was told by their parser', () => {
    expect(failureOf(new CommanderError(1, 'x', 'x'))).toBeUndefined()
    expect(exitCodeOf(new CommanderError(1, 'x', 'x'))).toBe(2)
    expect(exitCodeOf(new CommanderError(0, 'commander.helpDisplayed', 'x'))).toBe(0)
  })

  it('on a disk or in a network is told in words, with the code', () => {
    expect(reasonOf(Object.assign(new Error(), { code: 'ENOSPC', errno: -28 }))).toMatch(
      /^ENOSPC: no space left/,
    )
    expect(reasonOf(new Error('x'))).toBe('unknown error')
    expect(reasonOf(undefined)).toBe('unknown error')
  })
})

describe('how a command is typed', () => {
  function told(argv: readonly string[], json = false): string {
    let text = ''
    const program = new Command('status').exitOverride()
    program.configureOutput({
      writeErr: (piece) => {
        text += piece
      },
    })
    program
      .command('send')
      .requiredOption('--to <chat>')
      .argument('[text]')
      .action(() => undefined)
    program
      .command('messages')
      .argument('<chat>')
      .action(() => undefined)
    program
      .command('account')
      .command('show')
      .action(() => undefined)
    explainUsage(program, () => json)
    expect(() => program.parse([...argv], { from: 'user' })).toThrow(CommanderError)
    return text
  }

  it.each([
    [['frob'], "status: unknown command 'frob' (status --help shows what there is)\n"],
    [
      ['account', 'shoow'],
      "status: unknown command 'shoow' (Did you mean show?) (status account --help shows what there is)\n",
    ],
    [['account', 'show', 'x'], /'show'.* \(status account show --help shows what there is\)\n$/],
    [['send', 'hi'], /required option .* \(status send --help/],
    [['send', '--to'], /argument missing; a public chat stands in quotes, '#name' \(status send --help/],
    [['messages'], /missing required argument 'chat'; a public chat stands in quotes/],
    [['\u001b[2J'], "status: unknown command '\ufffd[2J' (status --help shows what there is)\n"],
  ])('%j: says what is wrong and whose help to read', (argv, says) => {
    if (typeof says === 'string') expect(told(argv)).toBe(says)
    else expect(told(argv)).toMatch(says)
  })

  it('and as JSON for scripts', () => {
    expect(JSON.parse(told(['frob'], true))).toEqual({
      error: {
        code: 'invalid-argument',
        message: "unknown command 'frob' (status --help shows what there is)",
      },
    })
  })
})
