import type { GenerationView } from '../../../registry/contract/index.ts';
import { RegistryError } from '../../../registry/lib/errors.ts';
import type { Publisher } from '../../../registry/publishing/publisher.ts';

/** A publisher without NGINX; `outcome` is the result of every change. Publishing has its own tests with a real NGINX. */
export interface FakePublisher extends Publisher {
  outcome: Awaited<ReturnType<Publisher['whenLive']>>;
}

const now = new Date().toISOString();
const GENERATION: GenerationView = {
  number: 3,
  state: 'verified',
  current: true,
  revision: 1,
  servers: 0,
  rejected: [],
  cause: 'start',
  error: null,
  nginxOutput: '',
  createdAt: now,
  verifiedAt: now,
  tookMs: 5,
};
const DIFF = { from: 2, to: 3, changed: false, files: [], rejected: [] };

function find(number: number): GenerationView {
  if (number === GENERATION.number) return GENERATION;
  throw new RegistryError('not_found', `there is no generation ${number}`);
}

export function createFakePublisher(): FakePublisher {
  return {
    outcome: { applied: true, generation: 3, error: null },
    async whenLive() {
      return this.outcome;
    },
    start: async () => undefined,
    close: async () => undefined,
    publish: () => undefined,
    idle: async () => undefined,
    configurationStatus: () => ({ configuration: 'live', message: null, since: null }),
    progress: () => ({ hasEndedOnce: true, problem: null }),
    current: async () => GENERATION,
    list: async ({ beforeNumber }) => (beforeNumber === undefined || beforeNumber > 3 ? [GENERATION] : []),
    detail: async (number) => ({ ...find(number), files: { 'nginx.conf': '# nothing' } }),
    diff: async () => DIFF,
    preview: async () => DIFF,
    rollback: async (_actor, number) => find(number),
    rollbackInForce: async () => null,
    certificates: () => [],
    nginx: async () => ({ version: '1.26.3', pid: 6 }),
    workers: async () => ({
      current: 3,
      draining: 0,
      workers: [{ pid: 7, generation: 3, draining: false, sinceMs: null }],
    }),
    config: async (path) => ({ path, generation: 3, text: '' }),
  };
}
