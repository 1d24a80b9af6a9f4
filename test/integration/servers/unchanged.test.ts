import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RegistryError } from '../../../registry/lib/errors.ts';
import type { ProbeResult } from '../../../registry/contract/index.ts';
import { NOTHING_FOUND } from '../../../registry/health/probe/probe-options.ts';
import { actor, openCatalogue, type Catalogue } from './catalogue.ts';

const HEALTHY: ProbeResult = {
  ...NOTHING_FOUND,
  health: 'healthy',
  transport: 'streamable-http',
  era: 'legacy',
  protocolVersion: '2025-11-25',
  latencyMs: 1,
};
const FIELDS = {
  name: 'Weather',
  description: 'Forecasts',
  tags: ['b', 'a'],
  instances: [
    { url: 'http://127.0.0.1:9/mcp?token=one', weight: 3 },
    { url: 'http://127.0.0.1:8/mcp', enabled: false },
  ],
  headers: { Authorization: 'Bearer a', 'X-Zone': '1' },
  timeouts: { readMs: 9_000 },
  metadata: { team: { name: 'sky', floors: [1, 2] }, zero: 0 },
};

let it: Catalogue;
let probed: string[];
let events: string[];
/** Called by each probe before it returns. */
let whileProbing: () => Promise<unknown>;
let writeServer: (id: string) => Promise<void>;

beforeEach(async () => {
  probed = [];
  events = [];
  whileProbing = () => Promise.resolve();
  writeServer = () => Promise.resolve();
  it = await openCatalogue({
    probe: async ({ url }) => {
      probed.push(url);
      await whileProbing();
      return HEALTHY;
    },
    accessFiles: { writeServer: (id) => writeServer(id), isOverdue: () => false },
  });
  it.events.on('server.changed', ({ path }) => events.push(path));
  await it.servers.register(actor, it.input({ path: 'weather', ...FIELDS }));
  probed.length = 0;
  it.recorded.length = 0;
});
afterEach(() => it.close());

const change = (patch: unknown, expectedRevision?: number) =>
  it.servers.change(actor, 'weather', it.patch(patch), expectedRevision);
const audited = async () => (await it.store.audit.list({ limit: 50 })).map(({ action }) => action);

test.each<[string, unknown]>([
  ['no field', {}],
  ['the same text', { name: 'Weather', description: ' Forecasts ' }],
  ['the same tags in another order', { tags: ['a', 'B', 'a'] }],
  ['the same enabled state', { enabled: true }],
  ['the same credentials', { headers: { Authorization: 'Bearer a' } }],
  ['the removal of a missing header', { headers: { 'X-None': null } }],
  ['the same instances, with the query and without', { instances: FIELDS.instances }],
  [
    'the same URLs as views contain them',
    { instances: [{ url: 'http://127.0.0.1:9/mcp', weight: 3 }, FIELDS.instances[1]] },
  ],
  ['the same timeout', { timeouts: { readMs: 9_000 } }],
  ['the same metadata in another order', { metadata: { zero: -0, team: { floors: [1, 2], name: 'sky' } } }],
  ['all fields unchanged', { ...FIELDS, transport: 'auto', hostMode: 'upstream', license: '', stars: 0 }],
])('a PATCH with %s returns the current state and changes nothing', async (_what, patch) => {
  const before = await it.servers.get('weather');
  const answer = await change(patch, before.revision);
  expect(answer).toEqual({ server: before, revision: before.revision, changed: false, droppedHeaders: [] });
  expect(await it.servers.get('weather')).toEqual(before);
  expect(await it.store.meta.revision()).toBe(before.revision);
  expect({ probed, events, recorded: it.recorded }).toEqual({ probed: [], events: [], recorded: [] });
  expect(await audited()).toEqual(['server.registered']);
});

test.each<[string, unknown]>([
  ['another credential', { headers: { Authorization: 'Bearer b' } }],
  ['another spelling of a header name', { headers: { authorization: 'Bearer a' } }],
  ['another query', { instances: [{ url: 'http://127.0.0.1:9/mcp?token=two', weight: 3 }, FIELDS.instances[1]] }],
  ['a removed query', { instances: [{ url: 'http://127.0.0.1:9/mcp?', weight: 3 }, FIELDS.instances[1]] }],
  ['another order of the instances', { instances: FIELDS.instances.toReversed() }],
  ['a nested value of the metadata', { metadata: { team: { name: 'sky', floors: [2, 1] }, zero: 0 } }],
])('%s is a change, even if no view shows it', async (_what, patch) => {
  const before = await it.servers.get('weather');
  const { server, revision, changed } = await change(patch);
  expect({ changed, revision }).toEqual({ changed: true, revision: before.revision + 1 });
  expect(server.revision).toBe(revision);
  expect(events).toEqual(['weather']);
});

test('of two equal concurrent changes one is made, and both are answered with it', async () => {
  const before = await it.servers.get('weather');
  let open = (): void => undefined;
  const both = new Promise<void>((resolve) => (open = resolve));
  whileProbing = () => {
    // Each has found that it changes something before either has written.
    if (probed.length === 2) open();
    return both;
  };
  const patch = { headers: { Authorization: 'Bearer b' } };
  const answers = await Promise.all([change(patch), change(patch)]);
  expect(answers.map(({ changed }) => changed).sort()).toEqual([false, true]);
  for (const { server, revision } of answers) {
    expect(revision).toBe(before.revision + 1);
    expect(server.revision).toBe(revision);
  }
  expect(await it.store.meta.revision()).toBe(before.revision + 1);
  expect(events).toEqual(['weather']);
  expect(it.recorded).toHaveLength(1);
  expect(await audited()).toEqual(['server.changed', 'server.registered']);
});

test('a change that another request has made meanwhile is not made a second time', async () => {
  await change({ headers: { Authorization: 'Bearer b' } });
  whileProbing = async () => {
    whileProbing = () => Promise.resolve();
    await change({ headers: { Authorization: 'Bearer a' } });
  };
  const answer = await change({ headers: { Authorization: 'Bearer a' } });
  expect(answer).toMatchObject({ changed: false, revision: 3, server: { revision: 3 } });
  expect(await it.store.meta.revision()).toBe(3);
});

test('a stale change and one that enables the management server are refused, even if they would change nothing', async () => {
  const { revision } = await it.servers.get('weather');
  await expect(change({}, revision + 1)).rejects.toMatchObject({ code: 'stale' });
  await it.servers.register(actor, it.input({ path: 'mcpgw', url: 'http://127.0.0.1:7861/mcp' }), { builtIn: true });
  await expect(it.servers.change(actor, 'mcpgw', it.patch({ enabled: true }))).rejects.toMatchObject({
    code: 'forbidden',
  });
  expect(await it.servers.change(actor, 'mcpgw', it.patch({}))).toMatchObject({ changed: false });
});

test('a registration, removal or restore that did not reach the gate is published anyway', async () => {
  const refuse = new RegistryError('unavailable', 'the change is stored but not yet enforced');
  writeServer = () => Promise.reject(refuse);
  const emitted: string[] = [];
  for (const name of ['server.registered', 'server.removed', 'server.restored'] as const)
    it.events.on(name, ({ path }) => emitted.push(`${name} ${path}`));
  await expect(it.servers.register(actor, it.input({ path: 'news', ...FIELDS }))).rejects.toBe(refuse);
  await expect(it.servers.remove(actor, 'news')).rejects.toBe(refuse);
  await expect(it.servers.restore(actor, 'news')).rejects.toBe(refuse);
  expect(emitted).toEqual(['server.registered news', 'server.removed news', 'server.restored news']);
});

test('a change that did not reach the gate is published anyway, and its repetition is not answered before the gate has it', async () => {
  const refuse = new RegistryError('unavailable', 'the change is stored but not yet enforced');
  writeServer = () => Promise.reject(refuse);
  await expect(change({ enabled: false })).rejects.toBe(refuse);
  expect(events).toEqual(['weather']);
  await expect(change({ enabled: false })).rejects.toBe(refuse);

  let written = (): void => undefined;
  writeServer = () => new Promise((resolve) => (written = resolve));
  let answered = false;
  const again = change({ enabled: false }).finally(() => (answered = true));
  for (let turns = 0; turns < 50; turns += 1) await turn();
  expect(answered).toBe(false);
  written();
  expect(await again).toMatchObject({ changed: false, server: { enabled: false } });
  expect(events).toEqual(['weather']);
  expect(await audited()).toEqual(['server.disabled', 'server.registered']);
});
