import { createDiscovery, type Discovery } from '../../../registry/tools/create-tools.ts';
import { createHealth, type Health } from '../../../registry/health/create-health.ts';
import { createSystemGuard } from '../../support/system-guard.ts';
import { openCatalogue, type Catalogue } from '../servers/catalogue.ts';

export interface Knowing extends Catalogue {
  health: Health;
  discovery: Discovery;
  logged: string[];
}

/** Catalogue, health and discovery over one real database, joined as registry.ts joins them. */
export async function openKnowing(options: { timeoutMs?: number; cron?: string } = {}): Promise<Knowing> {
  const made: { health?: Health } = {};
  const logged: string[] = [];
  const log = {
    warn: (_: object, message: string) => void logged.push(message),
    error: (facts: object, message: string) => void logged.push(`${message} ${JSON.stringify(facts)}`),
  };
  const catalogue = await openCatalogue({
    probe: (target) => made.health?.probe(target) ?? Promise.reject(new Error('too early')),
    record: (server, verdicts) => made.health?.record(server, verdicts) ?? Promise.reject(new Error('too early')),
  });
  const { store, events, written } = catalogue;
  const writeServer = (id: string) => Promise.resolve(void written.push(id));
  const discovery = createDiscovery({ store, events, log, writeServer });
  const health = createHealth({
    store,
    events,
    log,
    guard: createSystemGuard(),
    publicHost: 'gw.example',
    timeoutMs: () => options.timeoutMs ?? 5_000,
    cron: options.cron ?? '*/30 * * * * *',
    writeServer,
    keepTools: (server, listed) => discovery.keepTools(server, listed),
    hashTools: (tools) => discovery.hashTools(tools),
  });
  made.health = health;
  return {
    ...catalogue,
    health,
    discovery,
    logged,
    close: async () => {
      await health.close();
      await discovery.close();
      await catalogue.close();
    },
  };
}
