import { describe, expect, it } from 'vitest'
import { isAllowedHost } from '../src/operations/allowed-host.ts'

describe('the Host header', () => {
  it.each([
    'localhost',
    'LOCALHOST:80',
    '127.0.0.1:9305',
    '[::1]:9305',
    '[::1]',
    '203.0.113.9',
    'Node.Example',
  ])('%s is ours', (host) => {
    expect(isAllowedHost(host, ['node.example'])).toBe(true)
  })

  it.each([
    ...['', ':80', 'evil.example', 'localhost.evil.example', 'node.example.evil.example', 'xnode.example'],
    ...[
      'node.example@evil.example',
      'localhost:80:80',
      '127.0.0.1.nip.io',
      '[localhost',
      'local host',
      '0x7f.1',
    ],
  ])('%j is not', (host) => {
    expect(isAllowedHost(host, ['node.example'])).toBe(false)
  })

  it('is not there in HTTP/1.0, which no browser speaks', () => {
    expect(isAllowedHost(undefined, [])).toBe(true)
  })
})
