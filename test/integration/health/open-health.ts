import { createTools, type Tools } from '../../../registry/tools/create-tools.ts';
import { createHealth, type Health } from '../../../registry/health/create-health.ts';
import { noBridge } from '../../support/registry/no-bridge.ts';
import { createSystemGuard } from '../../support/registry/system-guard.ts';
import { openCatalogue, type Catalogue } from '../servers/catalogue.ts';

export interface HealthSetup extends Catalogue {
  health: Health;
  tools: Tools;
  logged: string[];
}

/** Catalogue, health and tools over one real database, joined as wire.ts joins them. */
export async function openHealth(options: { timeoutMs?: number; cron?: string } = {}): Promise<HealthSetup> {
  const made: { health?: Health } = {};
  const logged: string[] = [];
  const log = {
    warn: (_: object, message: string) => void logged.push(message),
    error: (facts: object, message: string) => void logged.push(`${message} ${JSON.stringify(facts)}`),
  };
  const catalogue = await openCatalogue({
    health: {
      probe: (target) => made.health?.probe(target) ?? Promise.reject(new Error('too early')),
      checkProgram: (server) => made.health?.checkProgram(server) ?? Promise.reject(new Error('too early')),
      record: (server, probes) => made.health?.record(server, probes) ?? Promise.reject(new Error('too early')),
    },
  });
  const { store, events, written } = catalogue;
  const accessFiles = { writeServer: (id: string) => Promise.resolve(void written.push(id)) };
  const tools = createTools({ store, events, log, accessFiles });
  const health = createHealth(
    { store, events, log, tools, accessFiles, bridge: noBridge, guard: createSystemGuard(), publicHost: 'gw.example' },
    { timeoutMs: options.timeoutMs ?? 5_000, cron: options.cron ?? '*/30 * * * * *' },
  );
  made.health = health;
  return {
    ...catalogue,
    health,
    tools,
    logged,
    close: async () => {
      await health.close();
      await tools.close();
      await catalogue.close();
    },
  };
}
