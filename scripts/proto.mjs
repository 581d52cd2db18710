// Generates the protobuf codecs of the packages from proto/*.proto (static code: no eval, runs under any CSP).
//   node scripts/proto.mjs [--check]     --check: fail if what is committed is not what the .proto files say
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const check = process.argv.includes('--check')

/** Every generated module: which package it lives in, which .proto file it comes from. */
const MODULES = readModules()

function readModules() {
  return JSON.parse(readFileSync(join(root, 'proto', 'modules.json'), 'utf8'))
}

const require = createRequire(join(root, 'package.json'))
const bin = (name) => join(dirname(require.resolve('protobufjs-cli/package.json')), 'bin', name)
const run = (name, args) =>
  execFileSync(process.execPath, [bin(name), ...args], { cwd: root, encoding: 'utf8' })
const work = mkdtempSync(join(tmpdir(), 'proto-'))
let stale = 0

for (const { package: name, proto } of MODULES) {
  const module = proto.replace(/\.proto$/, '').replaceAll('_', '-')
  const js = run('pbjs', [
    '-t',
    'static-module',
    '-w',
    'es6',
    '--es6',
    '--no-service',
    '-r',
    module,
    `proto/${proto}`,
  ]).replace(/from "protobufjs\/minimal(\.js)?"/, 'from "protobufjs/minimal.js"')
  const temporary = join(work, `${module}.js`)
  writeFileSync(temporary, js)
  keep(join('packages', name, 'src', 'generated', `${module}.js`), js)
  keep(join('packages', name, 'src', 'generated', `${module}.d.ts`), run('pbts', [temporary]))
}
rmSync(work, { recursive: true })
if (stale > 0) process.exitCode = 1

function keep(path, text) {
  const file = join(root, path)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  if (check) {
    console.error(`${path} is not what proto/ says; run: node scripts/proto.mjs`)
    stale++
    return
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
