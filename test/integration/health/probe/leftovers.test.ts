import { queryObjects } from 'node:v8';
import { expect, test } from 'vitest';
import { startAlone } from '../../../fixtures/kit/start-alone.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { probeUrl } from './probe-backend.ts';

const TIMES = 20;
/** Signals that may not have been released yet. */
const SLACK = 10;
/** Collects garbage first. */
const countSignals = () => queryObjects(AbortSignal, { format: 'count' });

// Servers in separate processes: their own signals must not count.
test.each(['compliant/echo', 'compliant/modern-only', 'streams/sse-only'])(
  'probes of %s leave no signal and no listener of one behind',
  async (name) => {
    const backend = await startAlone(`backends/${name}.ts`);
    try {
      expect(await probeUrl(backend.url)).toMatchObject({ health: 'healthy' });
      const before = countSignals();
      for (let time = 0; time < TIMES; time += 1) await probeUrl(backend.url);
      await waitFor(`no more than ${before} signals`, () => countSignals() < before + SLACK);
    } finally {
      await backend.close();
    }
  },
);
