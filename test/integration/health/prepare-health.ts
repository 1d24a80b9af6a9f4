import { afterEach, beforeEach, expect } from 'vitest';
import { actor } from '../servers/catalogue.ts';
import { openHealth, type HealthSetup } from './open-health.ts';
import { createBackends } from './probe/probe-backend.ts';

/** Catalogue, health and discovery, and the backends of a test; all are created before each test of the file that calls this. */
export interface PreparedHealth {
  it: HealthSetup;
  use: ReturnType<typeof createBackends>['use'];
  stop: ReturnType<typeof createBackends>['stop'];
  register: (path: string, url: string, more?: object) => ReturnType<HealthSetup['servers']['register']>;
  status: (path: string) => Promise<string>;
}

/** After each test nothing may have been logged: a test that expects log messages empties `it.logged`. */
export function prepareHealth(): PreparedHealth {
  // Filled before each test, into the same object, so that a file can hold it.
  const it = {} as HealthSetup;
  const { use, stop, close } = createBackends();
  beforeEach(async () => {
    Object.assign(it, await openHealth());
  });
  afterEach(async () => {
    await it.close();
    await close();
    expect(it.logged).toEqual([]);
  });
  return {
    it,
    use,
    stop,
    register: (path, url, more = {}) => it.servers.register(actor, it.input({ path, url, ...more })),
    status: async (path) => (await it.servers.get(path)).status,
  };
}
