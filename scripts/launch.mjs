// Runs a program of this checkout: node scripts/launch.mjs node|cli [args]. Prints nothing of its own on stdout.
import { join } from 'node:path'
import { become, ensureBuilt, root } from './lib/workspace.mjs'

const [app, ...args] = process.argv.slice(2)
ensureBuilt()
become([join(root, 'apps', app, 'dist', 'main.js'), ...(args[0] === '--' ? args.slice(1) : args)])
