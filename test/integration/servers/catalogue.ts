import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  serverInput,
  serverPatch,
  type InstanceProbe,
  type ServerInput,
  type ServerPatch,
} from '../../../registry/contract/index.ts';
import { Events } from '../../../registry/lib/events.ts';
import { probe } from '../../../registry/health/probe/probe.ts';
import { createSystemGuard } from '../../support/registry/system-guard.ts';
import { createServers, type Servers } from '../../../registry/servers/create-servers.ts';
import type { ServersDeps } from '../../../registry/servers/servers-deps.ts';
import { openStore, type Store } from '../../../registry/store/open-store.ts';
import { createSealer } from '../../../registry/store/seal.ts';

export const actor = { kind: 'user', name: 'ada', address: '127.0.0.1' } as const;

export interface Catalogue {
  servers: Servers;
  store: Store;
  databaseFile: string;
  events: Events;
  written: string[];
  recorded: { path: string; probes: InstanceProbe[] }[];
  input(value: unknown): ServerInput;
  patch(value: unknown): ServerPatch;
  close(): Promise<void>;
}

/** A catalogue over a real database and the real probe; publishing and access are outside. */
export async function openCatalogue({
  probe: probeWith,
  ...changes
}: Partial<ServersDeps> & { probe?: ServersDeps['health']['probe'] } = {}): Promise<Catalogue> {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-servers-'));
  const databaseFile = join(folder, 'mcpgw.db');
  const store = await openStore({ file: databaseFile, sealer: createSealer('the secret of this test') });
  const events = new Events();
  const written: string[] = [];
  const recorded: Catalogue['recorded'] = [];
  const guard = createSystemGuard();
  const servers = createServers({
    store,
    events,
    gatewayUrl: 'https://gw.example',
    health: {
      probe: probeWith ?? ((target) => probe(target, { guard, timeoutMs: 5_000, publicHost: 'gw.example' })),
      checkProgram: () => Promise.reject(new Error('no bridge runs in this test')),
      record: async (server, probes) => void recorded.push({ path: server.path, probes }),
    },
    publisher: { configurationStatus: () => ({ configuration: 'live', message: null, since: null }) },
    accessFiles: { writeServer: async (id) => void written.push(id), isOverdue: () => false },
    allowsPrograms: false,
    readDescription: () => Promise.reject(new Error('no description is read in this test')),
    explainUrl: () => Promise.resolve(null),
    ...changes,
  });
  return {
    databaseFile,
    servers,
    store,
    events,
    written,
    recorded,
    input: (value) => serverInput.parse(value),
    patch: (value) => serverPatch.parse(value),
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
