/** `status-node trace`: where did that envelope go? */
import { to0xHex, utf8 } from '@status-protocol/bytes'
import { envelopeHash, publicChat, seal } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { lazyEnvelope, rawPeer, whisperPeer } from './peers.ts'
import { runNode, startNode, stopAll, until } from './programs.ts'

afterEach(stopAll)

describe('status-node trace', () => {
  it('says from whom an envelope came, to whom it went, and why another was refused', async () => {
    const node = await startNode(['--ipc', '--trace-envelopes', '1000'])
    const ipc = String(node.ready.ipc)
    const [sender, reader] = [await rawPeer(node.ready.enode), await whisperPeer(node.ready.enode)]
    const chat = await publicChat('trace')
    const good = await seal(utf8('good'), { to: chat, ttlSeconds: 120 })
    const lazy = await lazyEnvelope('lazy', chat)
    sender.send([good, lazy])
    await until(() => reader.whisper.envelope(envelopeHash(good)), 'the envelope at the reader')

    const asked = await runNode(['trace', to0xHex(envelopeHash(good)), '--ipc', ipc, '--json'])
    expect(asked).toMatchObject({ code: 0, stderr: '' })
    const { steps } = JSON.parse(asked.stdout) as {
      steps: { what: string; peer: string; atUnixMs: number }[]
    }
    const from = Buffer.from(sender.peerId).toString('hex')
    const to = Buffer.from(reader.host.peerId).toString('hex')
    expect(steps.map(({ what, peer }) => [what, peer])).toEqual([
      ['received', from],
      ['accepted', from],
      ['sent', to],
    ])
    for (const { atUnixMs } of steps) expect(Math.abs(Date.now() - atUnixMs)).toBeLessThan(600_000)

    const refused = await runNode(['trace', to0xHex(envelopeHash(lazy)), '--data-dir', node.dataDir])
    expect(refused.stdout).toMatch(
      /received +from \w{16}\.\.\. \(127\.0\.0\.1, .*\n.*refused +from .*: low-pow\n$/,
    )
    const unknown = await runNode(['trace', `0x${'ab'.repeat(32)}`, '--ipc', ipc])
    expect(unknown).toMatchObject({ code: 1, stdout: expect.stringMatching(/has not come to this node/) })
    const recent = await runNode(['trace', '--recent', '2', '--ipc', ipc])
    expect(recent.stdout.trim().split('\n')).toHaveLength(2)
  })

  it('says that a node traces nothing', async () => {
    const node = await startNode(['--ipc'])
    expect(await runNode(['trace', `0x${'ab'.repeat(32)}`, '--data-dir', node.dataDir])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'status-node: nothing is traced: start the node with --trace-envelopes\n',
    })
  })
})
