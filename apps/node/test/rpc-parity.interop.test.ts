/** The same questions to geth and to our node: results of the same form, errors of the same number and words. Opt-in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GoNode, startGeth, stopGoPeers } from './go-peers.ts'
import { type NodeProcess, startNode, stopAll } from './programs.ts'

type Answer = {
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string }
}

/** A point of the curve: the generator. */
const GENERATOR = [
  '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798',
  '483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8',
].join('')
const NOBODY = `enode://${GENERATOR}@127.0.0.1:9`

/** `SYM`, `PAIR`, `FILTER` stand for ids that the node gives out. */
const QUESTIONS: readonly (readonly [string, unknown?])[] = [
  ['shh_version', []],
  ['shh_version'],
  ['shh_version', null],
  ['shh_version', [1]],
  ['shh_version', {}],
  ['shh_info', []],
  ['shh_nope', []],
  ['nope', []],
  ['shh_setMinPoW', [-1]],
  ['shh_setMinPoW', []],
  ['shh_setMaxMessageSize', [100_000_000]],
  ['shh_setBloomFilter', ['0x00']],
  ['shh_markTrustedPeer', [NOBODY]],
  ['shh_newKeyPair', []],
  ['shh_hasKeyPair', ['PAIR']],
  ['shh_hasKeyPair', ['nope']],
  ['shh_getPublicKey', ['PAIR']],
  ['shh_getPublicKey', ['nope']],
  ['shh_getPrivateKey', ['PAIR']],
  ['shh_getPrivateKey', ['nope']],
  ['shh_deleteKeyPair', ['nope']],
  ['shh_addPrivateKey', ['0x00']],
  ['shh_newSymKey', []],
  ['shh_hasSymKey', ['SYM']],
  ['shh_hasSymKey', ['nope']],
  ['shh_getSymKey', ['SYM']],
  ['shh_getSymKey', ['nope']],
  ['shh_deleteSymKey', ['nope']],
  ['shh_addSymKey', ['0x00']],
  ['shh_addSymKey', [`0x${'11'.repeat(32)}`]],
  ['shh_generateSymKeyFromPassword', ['status']],
  ['shh_generateSymKeyFromPassword', []],
  ['shh_newMessageFilter', [{}]],
  ['shh_newMessageFilter', []],
  ['shh_newMessageFilter', [{ symKeyID: 'nope' }]],
  ['shh_newMessageFilter', [{ symKeyID: 'SYM', privateKeyID: 'PAIR' }]],
  ['shh_newMessageFilter', [{ privateKeyID: 'nope' }]],
  ['shh_newMessageFilter', [{ symKeyID: 'SYM', sig: '0x04' }]],
  ['shh_newMessageFilter', [{ symKeyID: 'SYM', topics: null, minPow: null, sig: null, allowP2P: null }]],
  ['shh_newMessageFilter', [{ privateKeyID: 'PAIR', topics: ['0x01020304'] }]],
  ['shh_getFilterMessages', ['FILTER']],
  ['shh_getFilterMessages', ['nope']],
  ['shh_deleteMessageFilter', ['FILTER']],
  ['shh_deleteMessageFilter', ['nope']],
  ['shh_post', [{}]],
  ['shh_post', []],
  ['shh_post', [{ symKeyID: 'SYM' }]],
  ['shh_post', [{ symKeyID: 'SYM', pubKey: '0x04' }]],
  ['shh_post', [{ symKeyID: 'nope', topic: '0x01020304' }]],
  ['shh_post', [{ symKeyID: 'SYM', topic: '0x01020304', sig: 'nope' }]],
  ['shh_post', [{ pubKey: '0x0401' }]],
  ['shh_post', [{ symKeyID: 'SYM', topic: '0x01020304', powTarget: 0.0001, powTime: 1 }]],
  [
    'shh_post',
    [{ symKeyID: 'SYM', topic: '0x01020304', powTarget: 0.5, powTime: 5, ttl: 5, payload: '0x01' }],
  ],
  ['shh_subscribe', ['messages', { symKeyID: 'SYM' }]],
  ['shh_unsubscribe', ['0x00']],
  ['shh_makeLightClient', []],
  ['shh_cancelLightClient', []],
  ['web3_clientVersion', []],
  ['web3_sha3', ['0x68656c6c6f']],
  ['web3_sha3', []],
  ['net_listening', []],
  ['net_peerCount', []],
  ['admin_nodeInfo', []],
  ['admin_peers', []],
  ['admin_addPeer', [NOBODY]],
  ['admin_removePeer', [NOBODY]],
]
/** Whole texts. */
const TEXTS = [
  '[]',
  '{}',
  '7',
  '[7]',
  '{"jsonrpc":"2.0","id":1}',
  '{"jsonrpc":"2.0","id":[],"method":"shh_version"}',
]

describe.skipIf(!process.env.GETH)('JSON-RPC of geth and ours', () => {
  let geth: GoNode
  let ours: NodeProcess
  let urls: readonly [string, string]
  beforeAll(async () => {
    geth = await startGeth(process.env.GETH as string)
    ours = await startNode([
      '--http',
      '127.0.0.1:0',
      '--rpc-modules',
      'shh,net,web3,admin',
      '--rpc-unsafe-keys',
    ])
    urls = [geth.url, `http://${ours.ready.http}`]
  }, 60_000)
  afterAll(async () => {
    await stopAll()
    await stopGoPeers()
  })

  const say = async (url: string, body: string): Promise<Answer> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    return (await response.json()) as Answer
  }
  const ask = (url: string, method: string, params?: unknown): Promise<Answer> =>
    say(url, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))

  const answers = async (url: string, method: string, params?: unknown): Promise<Answer> => {
    const id = async (make: string, given: unknown[] = []) => (await ask(url, make, given)).result as string
    let text = JSON.stringify(params) ?? ''
    for (const [word, make] of [
      ['SYM', () => id('shh_newSymKey')],
      ['PAIR', () => id('shh_newKeyPair')],
      ['FILTER', async () => id('shh_newMessageFilter', [{ symKeyID: await id('shh_newSymKey') }])],
    ] as const)
      if (text.includes(word)) text = text.replaceAll(word, await make())
    return ask(url, method, text === '' ? undefined : JSON.parse(text))
  }

  it.each(QUESTIONS.map(([method, params]) => ({ method, params })))(
    '$method $params',
    async ({ method, params }) => {
      const [theirs, our] = await Promise.all(urls.map((url) => answers(url, method, params)))
      expect(formOf(our)).toEqual(formOf(theirs))
    },
  )

  it.each(TEXTS)('%s', async (text) => {
    const [theirs, our] = await Promise.all(urls.map((url) => say(url, text)))
    expect(formOf(our)).toEqual(formOf(theirs))
  })
})

/** What clients depend on: the type of each field, the number and the words of an error. */
function formOf(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(formOf)
  const { result, error, ...rest } = (answer ?? {}) as Answer
  // Ours takes no more than 1 MiB.
  if (error) return { ...rest, code: error.code, message: error.message.replace(/>\d+\]/, '>limit]') }
  return { ...rest, result: typeOf(withoutRest(result)) }
}

/** Of `admin_nodeInfo`: geth has other protocols too, and a record, which ours has not. */
function withoutRest(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return result
  const { enr: _enr, protocols: _protocols, ...rest } = result as Record<string, unknown>
  return rest
}

function typeOf(value: unknown): unknown {
  if (value === null || typeof value !== 'object')
    return typeof value === 'string' ? wordOf(value) : typeof value
  if (Array.isArray(value)) return value.map(typeOf)
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, typeOf(field)]))
}

function wordOf(text: string): string {
  if (/^0x[0-9a-f]*$/.test(text)) return `0x and ${text.length - 2} digits`
  return /^[0-9a-f]{64}$/.test(text) ? '64 digits' : 'text'
}
