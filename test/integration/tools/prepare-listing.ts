import { beforeEach } from 'vitest';
import type { Tool } from '../../../registry/contract/index.ts';
import { ECHO, startLegacy, type Backend, type Behaviour } from '../health/backends.ts';
import type { HealthSetup } from '../health/open-health.ts';
import { prepareHealth } from '../health/prepare-health.ts';

/** A tool as a backend lists it. */
export const tool = (name: string, description = `The tool ${name}.`): Tool => ({
  name,
  description,
  inputSchema: { type: 'object', properties: { city: { type: 'string' } } },
});

/** Catalogue, health and tools, and one backend; both are created before each test of the file that calls this. */
export interface PreparedListing {
  it: HealthSetup;
  /** Behaviour of the backend: it lists "echo" and "add" until a test changes that. */
  behaviour: Behaviour;
  backendUrl: () => string;
  /** Registers the backend. */
  register: (path: string, more?: object) => ReturnType<HealthSetup['servers']['register']>;
}

export function prepareListing(): PreparedListing {
  const prepared = prepareHealth();
  const behaviour: Behaviour = { tools: [] };
  let backend: Backend;
  beforeEach(async () => {
    behaviour.tools = [ECHO, tool('add')];
    delete behaviour.onList;
    backend = await prepared.use(startLegacy(behaviour));
  });
  return {
    it: prepared.it,
    behaviour,
    backendUrl: () => backend.url,
    register: (path, more) => prepared.register(path, backend.url, more),
  };
}
