// Builds wasm/*.ts (AssemblyScript) into src/keccak-wasm-binary.ts.
//   node scripts/wasm.mjs           writes the file
//   node scripts/wasm.mjs --check   ends with 1 if the file is not what the sources give
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const folder = new URL('../wasm/', import.meta.url)
const target = new URL('../src/keccak-wasm-binary.ts', import.meta.url)

/** The text of src/keccak-wasm-binary.ts as the sources give it. */
export async function generate() {
  const scalar = await compile('keccak.ts', [])
  const simd = await compile('keccak-simd.ts', ['--enable', 'simd'])
  return [
    '// Built from wasm/*.ts by scripts/wasm.mjs.',
    `/** wasm/keccak.ts, ${scalar.length} bytes as base64. */`,
    'export const keccakWasm: string =',
    `  '${Buffer.from(scalar).toString('base64')}'`,
    `/** wasm/keccak-simd.ts, ${simd.length} bytes as base64. */`,
    'export const keccakSimdWasm: string =',
    `  '${Buffer.from(simd).toString('base64')}'`,
    '',
  ].join('\n')
}

async function compile(name, features) {
  const source = readFileSync(new URL(name, folder), 'utf8')
  let binary
  const { error, stderr } = await asc.main(
    [
      ...[name, '--outFile', 'out.wasm', '--runtime', 'stub', '--noAssert'],
      ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', ...features],
    ],
    {
      readFile: (path) => (path === name ? source : null),
      writeFile: (path, content) => {
        if (path === 'out.wasm') binary = content
      },
      listFiles: () => [],
    },
  )
  if (error) throw new Error(`${name}: ${error.message}\n${stderr}`)
  return binary
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await generate()
  if (process.argv.includes('--check')) {
    const same = readFileSync(target, 'utf8') === text
    if (!same)
      console.error('src/keccak-wasm-binary.ts is stale: run `node scripts/wasm.mjs` in packages/crypto')
    process.exitCode = same ? 0 : 1
  } else writeFileSync(target, text)
}
