import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite as doubleRatchet } from './vectors/double-ratchet.ts'
import { suite as protocolMessage } from './vectors/protocol-message.ts'
import { suite as x3dhBundles } from './vectors/x3dh-bundles.ts'

for (const suite of [x3dhBundles, doubleRatchet, protocolMessage]) await describeVectors(suite)
