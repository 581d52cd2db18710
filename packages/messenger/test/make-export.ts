/**
 * Makes `fixtures/export-N`, an account's export as the present version writes it, for the versions to come:
 *   node --conditions=@status-protocol/source --import tsx packages/messenger/test/make-export.ts packages/messenger/test/fixtures/export-N
 * To be done whenever what is exported changes its form; `account-export-versions.test.ts` opens them all.
 */
import { writeFileSync } from 'node:fs'
import { concat } from '@status-protocol/bytes'
import { exportAccount } from '@status-protocol/messenger'
import { seededRandom } from '@status-protocol/testkit'
import { textsHeard, World } from './support/world.ts'

const [file = ''] = process.argv.slice(2)
const world = new World(77)
const [alice, bob] = [await world.person('alice'), await world.person('bob')]
world.join(alice, bob)
await world.whileRunning(alice.messenger.setProfile({ name: 'Alice' }))
await world.whileRunning(alice.messenger.join('#room'))
await world.whileRunning(alice.messenger.addContact(bob.messenger.publicKey, 'Bob'))
await world.whileRunning(alice.messenger.send(bob.id, 'first'))
await world.until(() => textsHeard(bob).length === 1, 'bob heard it')
await world.whileRunning(bob.messenger.send(alice.id, 'second'))
await world.until(() => textsHeard(alice).length === 1, 'alice heard it')
await world.run(10_000)
await world.stop(alice)
const pieces: Uint8Array[] = []
const sealing = { password: 'correct horse', random: seededRandom(9), cost: 10 }
const { publicKey } = alice.account.chatKey
for await (const piece of exportAccount({
  storage: alice.storage,
  publicKey,
  secret: 'twelve words',
  nowMs: 5,
  ...sealing,
}))
  pieces.push(piece)
writeFileSync(file, concat(...pieces))
await world.close()
process.exit(0)
