#!/usr/bin/env node
// Here in every checkout, so that package managers can link it before anything is built; and in words that an old Node
// understands, so that it can be told.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major > 20 || (major === 20 && minor >= 19)) import('../dist/main.js')
else {
  console.error(
    `status: Node.js >= 20.19 is needed, this is ${process.versions.node}. Get one from https://nodejs.org`,
  )
  process.exitCode = 1
}
