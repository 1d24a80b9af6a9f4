import { defineConfig } from 'vitest/config';

const long = { testTimeout: 120_000, hookTimeout: 120_000 };

// Two cores: files run one after another where they start processes of their own.
export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'registry/**/*.test.ts',
            'nginx/**/*.test.ts',
            'mcpgw-server/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          fileParallelism: true,
          maxWorkers: 2,
          ...long,
        },
      },
      'ui/vitest.config.ts',
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], fileParallelism: false, ...long } },
    ],
  },
});
