/** A node of `@chainsafe/discv5` in a process of its own. Says its record; pings each record that it reads from standard input. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Discv5 } from '@chainsafe/discv5'
import { ENR, SignableENR } from '@chainsafe/enr'
import { keyOf } from './cores.ts'

const probe = createSocket('udp4').bind(0, '127.0.0.1')
await once(probe, 'listening')
const { port } = probe.address()
probe.close()

const raw = keyOf(0x53)
const enr = SignableENR.createV4(raw)
enr.ip = '127.0.0.1'
enr.udp = port
const bindAddrs = { ip4: enr.getLocationMultiaddr('udp4') }
const node = Discv5.create({ enr, privateKey: { raw, type: 'secp256k1' }, bindAddrs } as never)
await node.start()
console.log(JSON.stringify({ enr: node.enr.encodeTxt() }))
for await (const line of createInterface({ input: process.stdin })) {
  const seen = await node.sendPing(ENR.decodeTxt(line)).then(
    () => true,
    () => false,
  )
  console.log(JSON.stringify({ seen, known: node.kadValues().map((one) => one.encodeTxt()) }))
}
process.exit(0)
