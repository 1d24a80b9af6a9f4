import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Actor } from '../contract/index.ts';
import { Events } from '../lib/events.ts';
import { openLiveSettings, type LiveSettings } from './live-settings.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { createSealer } from '../store/seal.ts';

const actor: Actor = { kind: 'user', name: 'admin', address: null };
let folder: string;
let store: Store;
let events: Events;
let emitted: string[][];
let applied: object[];
let settings: LiveSettings;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-settings-'));
  store = await openStore({ file: join(folder, 'mcpgw.db'), sealer: createSealer('x') });
  [events, emitted, applied] = [new Events(), [], []];
  events.on('settings.changed', ({ names }) => emitted.push(names));
  settings = await openLiveSettings({
    store,
    events,
    defaults: { healthCron: '0 * * * * *', healthTimeoutMs: 5_000, agentLimits: { zone: 'UTC', rules: [] } },
    fixed: { gatewayUrl: 'http://localhost:8080', version: '0' },
    apply: (values) => applied.push(values),
  });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

test('a change is stored, applied and emitted as an event; one that changes no value is not recorded', async () => {
  const changed = await settings.change(actor, { healthTimeoutMs: 2_000 });
  expect(changed).toMatchObject({ healthCron: '0 * * * * *', healthTimeoutMs: 2_000 });
  expect(emitted).toEqual([['healthTimeoutMs']]);
  expect(applied.at(-1)).toMatchObject({ healthTimeoutMs: 2_000 });
  const auditEvents = () => store.audit.list({ limit: 10 });
  const before = await auditEvents();
  for (const patch of [{}, { healthTimeoutMs: 2_000 }])
    expect(await settings.change(actor, patch, changed.revision)).toEqual(changed);
  expect([await auditEvents(), emitted.length, applied.length]).toEqual([before, 1, 2]);
  await expect(settings.change(actor, {}, changed.revision + 1)).rejects.toMatchObject({ code: 'stale' });
  expect((await settings.change(actor, { healthTimeoutMs: 3_000 })).revision).toBeGreaterThan(changed.revision);
});
