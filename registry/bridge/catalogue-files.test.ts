import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { catalogueFile, catalogueState } from '../contract/index.ts';
import { Events } from '../lib/events.ts';
import { createCatalogueFiles } from './catalogue-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'mcpgw-catalogue-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PROBLEM = 'http://10.1.2.3:8080/mcp answered 500';

test('a check that changes the health of a server writes only its small file, and neither file contains an address', async () => {
  const server = {
    id: 's1',
    path: 'weather',
    name: 'Weather',
    description: '',
    tags: [],
    enabled: true,
    removedAt: null,
  };
  const instances = [{ url: 'http://10.1.2.3:8080/mcp', endpoints: { mcp: '/mcp' } }];
  const seen = { health: 'healthy', problem: PROBLEM, era: 'legacy', snapshotHash: null as string | null };
  let reads = 0;
  const store = {
    servers: {
      all: () => Promise.resolve([{ ...server, instances }]),
      byId: () => Promise.resolve({ ...server, instances }),
    },
    observations: { byServer: () => Promise.resolve({ ...seen }) },
    tools: {
      byServer: () => {
        reads += 1;
        return Promise.resolve([{ tool: { name: 'look', inputSchema: {} } }]);
      },
    },
  };
  const events = new Events();
  const files = createCatalogueFiles({ store: store as never, events, log: { warn: () => undefined }, folder });
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const readState = () => catalogueState.parse(read('s1.state.json'));
  const checked = () => events.emit('health.checked', { serverId: 's1', changed: true } as never);

  files.start();
  await vi.waitFor(() => expect(readdirSync(folder).sort()).toEqual(['s1.json', 's1.state.json']));
  await vi.waitFor(() => expect(catalogueFile.parse(read('s1.json')).tools).toBeNull());
  expect(readState()).toMatchObject({ health: 'healthy', era: 'legacy' });
  // The first list of tools may be reported by a check alone.
  seen.snapshotHash = 'h1';
  checked();
  await vi.waitFor(() => expect(catalogueFile.parse(read('s1.json')).tools).toMatchObject([{ name: 'look' }]));

  const { ino } = statSync(join(folder, 's1.json'));
  reads = 0;
  seen.health = 'unhealthy';
  checked();
  await vi.waitFor(() => expect(readState().health).toBe('unhealthy'));
  await files.close();
  expect([reads, statSync(join(folder, 's1.json')).ino]).toEqual([0, ino]);
  for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name), 'utf8')).not.toContain('10.1.2.3');
});
