'use strict'
// Preloaded (node --require) to run the tests on another version of Node than the one that the installed SQLite was built
// for: every import of it, also in child processes and in bundles, finds the copy in the folder SQLITE_DRIVER instead.
const Module = require('node:module')

const NAME = 'better-sqlite3-multiple-ciphers'
const { SQLITE_DRIVER } = process.env
if (!SQLITE_DRIVER) throw new Error(`SQLITE_DRIVER is not set: a folder with ${NAME} in its node_modules`)

const resolve = Module._resolveFilename
Module._resolveFilename = function (request, parent, isMain, options) {
  const isSqlite = request === NAME || request.startsWith(`${NAME}/`)
  return resolve.call(this, request, parent, isMain, isSqlite ? { paths: [SQLITE_DRIVER] } : options)
}
