import { defineConfig } from 'vitest/config'

/** Tests run on the TypeScript sources of every package. */
const conditions = ['@status-protocol/source', 'module', 'node', 'development|production']
/**
 * On a shared machine a second run tells a slow moment from a defect; scripts/lib/test-report.mjs names who needed it. Tests
 * that kill, crash or try what a model chose at random have `retry: 0`: what they find once is found.
 */
const retry = process.env.CI ? 1 : 0
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } }

export default defineConfig({
  ...shared,
  test: {
    // By default one processor is left idle, which on two means one file at a time.
    maxWorkers: '100%',
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
          exclude: ['**/*.e2e.test.ts', '**/*.interop.test.ts', '**/node_modules/**'],
          testTimeout: 30_000,
          retry,
          // A quarter of the time would go into importing the same modules for each of 270 files.
          isolate: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['apps/*/test/**/*.e2e.test.ts'],
          testTimeout: 120_000,
          retry,
          maxWorkers: 3,
        },
      },
      {
        ...shared,
        test: {
          name: 'interop',
          include: ['apps/*/test/**/*.interop.test.ts', 'packages/*/test/**/*.interop.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
