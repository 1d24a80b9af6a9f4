import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slow-first.ts';

// Vitest reserves one core for itself, which is half of two.
const quick = { maxWorkers: Math.max(2, availableParallelism() - 1) };
const long = { testTimeout: 180_000, hookTimeout: 180_000 };

// The quick projects first. Tests that start their own processes run at most two files at once.
export default defineConfig({
  test: {
    reporters: ['default'],
    sequence: { sequencer: SlowFirst },
    globalSetup: ['test/support/build-before-tests.ts'],
    projects: [
      {
        // The hand-written Lua of the gate, implemented in Node.
        resolve: {
          alias: [{ find: /^platform\/(.*)$/, replacement: `${import.meta.dirname}/nginx/gate/platform/$1.node.ts` }],
        },
        test: {
          name: 'unit',
          include: [
            'registry/**/*.test.ts',
            'nginx/**/*.test.ts',
            'mcpgw-server/**/*.test.ts',
            'bridge/**/*.test.ts',
            'cli/**/*.test.ts',
            'config/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          testTimeout: 30_000,
          ...quick,
          // No file leaves anything behind in its process, so each module is loaded once per worker.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          fileParallelism: true,
          maxWorkers: 2,
          // Each module is loaded once per worker: loading took a quarter of the time. No file leaves anything behind in its process.
          isolate: false,
          sequence: { groupOrder: 3 },
          ...long,
        },
      },
      'ui/vitest.config.ts',
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // A gateway for each of two workers, one MCP server and one browser for all files.
          globalSetup: ['test/e2e/support/start-shared.ts'],
          fileParallelism: true,
          maxWorkers: 2,
          isolate: false,
          sequence: { groupOrder: 4 },
          ...long,
        },
      },
    ],
  },
});
