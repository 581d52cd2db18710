// npm start: from a fresh checkout to a running relay on loopback, and how to chat through it.
import { join } from 'node:path'
import { become, ensureBuilt, root } from './lib/workspace.mjs'

ensureBuilt()
become([join(root, 'apps', 'node', 'dist', 'main.js'), ...process.argv.slice(2)], {
  env: { STATUS_NODE_STARTED_BY: 'npm start' },
})
