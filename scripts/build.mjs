// Compiles every package and app to dist, when something changed.
import { ensureBuilt } from './lib/workspace.mjs'

ensureBuilt()
