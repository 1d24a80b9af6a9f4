import { availableParallelism } from 'node:os';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineProject, mergeConfig } from 'vitest/config';
import buildConfig from './vite.config.ts';

// Separate from vite.config.ts, since start.sh builds the UI without development dependencies.
export default defineProject((env) =>
  mergeConfig(buildConfig(env), {
    plugins: [svelteTesting()],
    test: {
      name: 'ui',
      // Tests that need a DOM declare it: `// @vitest-environment jsdom`.
      environment: 'node',
      include: ['src/**/*.test.ts'],
      // Its icons are Svelte files, which Node cannot import by itself.
      server: { deps: { inline: [/@lucide/] } },
      testTimeout: 30_000,
      // Vitest reserves one core for itself, which is half of two.
      maxWorkers: Math.max(2, availableParallelism() - 1),
      sequence: { groupOrder: 2 },
    },
  }),
);
