import { type Capability, createMemoryNetwork } from '@status-protocol/p2p-devp2p'
import { linkConformance } from '@status-protocol/p2p-devp2p/testing'
import { whisperLinkConformance } from '@status-protocol/whisper/testing'
import { describe, it } from 'vitest'
import { SHH } from './support/cores.ts'
import { hostPair } from './support/hosts.ts'

const memoryPair = (capability: Capability) => {
  const network = createMemoryNetwork()
  return hostPair(capability, {
    listen: '10.0.0.2:30303',
    a: { transport: network.transport('10.0.0.1') },
    b: { transport: network.transport('10.0.0.2') },
  })
}

describe('links over TCP do what links do', () => {
  for (const { name, run } of linkConformance((capability) => hostPair(capability))) it(name, run)
})

describe('links over the in-memory network do what links do', () => {
  for (const { name, run } of linkConformance(memoryPair)) it(name, run)
})

describe('links over TCP are Whisper links', () => {
  for (const { name, run } of whisperLinkConformance(() => hostPair(SHH))) it(name, run)
})
