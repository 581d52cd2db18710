/**
 * Envelopes without a network: sealed for a public chat and for one person, opened, and not opened by others.
 */
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { encodeEnvelope, open, partitionedDiscovery, powOf, publicChat, seal } from '@status-protocol/whisper'

const newKey = () => generatePrivateKey(defaultProvider, systemRandom)
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const bytes = (words: string) => new TextEncoder().encode(words)

// For everybody who knows the name: topic and symmetric key follow from it.
const alice = newKey()
const status = await publicChat('status')
const toAll = await seal(bytes('hello, whoever is here'), { to: status, signer: alice, powTarget: 0.002 })
console.log(`${encodeEnvelope(toAll).length} bytes, proof of work ${powOf(toAll).toFixed(4)}`)

const heard = open(toAll, status)
if (heard.ok) console.log('in #status:', text(heard.payload), heard.signer ? '(signed)' : '(unsigned)')
const elsewhere = open(toAll, await publicChat('some-other-chat'))
console.log('in another chat:', elsewhere.ok ? 'opened?!' : elsewhere.reason)

// For one person: encrypted to their key, on a topic that they share with one in 5,000.
const bob = newKey()
const toBob = partitionedDiscovery(defaultProvider.publicKey(bob))
const secret = await seal(bytes('only for you'), { to: toBob, signer: alice, powTarget: 0.002 })
const read = open(secret, { privateKey: bob })
if (read.ok) console.log('bob reads:', text(read.payload))
const stranger = open(secret, { privateKey: newKey() })
console.log('a stranger:', stranger.ok ? 'opened?!' : stranger.reason)
