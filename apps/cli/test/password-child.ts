/** A process that changes the password again and again, to be killed: node child.mjs DIRECTORY PASSWORD */
import { writeSync } from 'node:fs'
import { changePassword } from '../src/account-password.ts'

const [dataDir, first] = process.argv.slice(2) as [string, string]
const cost = { N: 1024, r: 8, p: 1 }
writeSync(1, 'ready\n')
for (let [password, next] = [first, first === 'a' ? 'b' : 'a']; ; [password, next] = [next, password]) {
  await changePassword({ dataDir, password, cost }, next)
  writeSync(1, `${next}\n`)
}
