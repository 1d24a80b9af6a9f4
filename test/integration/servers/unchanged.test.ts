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
let said: string[];
/** Called by each probe before it answers. */
let whileProbing: () => Promise<unknown>;
let writeServer: (id: string) => Promise<void>;

beforeEach(async () => {
  probed = [];
  said = [];
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
  it.events.on('server.changed', ({ path }) => said.push(path));
  await it.servers.register(actor, it.input({ path: 'weather', ...FIELDS }));
  probed.length = 0;
  it.recorded.length = 0;
});
afterEach(() => it.close());

const change = (patch: unknown, expectedRevision?: number) =>
  it.servers.change(actor, 'weather', it.patch(patch), expectedRevision);
const audited = async () => (await it.store.audit.list({ limit: 50 })).map(({ action }) => action);

test.each<[string, unknown]>([
  ['nothing', {}],
  ['the same text', { name: 'Weather', description: ' Forecasts ' }],
  ['the same tags in another order', { tags: ['a', 'B', 'a'] }],
  ['on, which it is', { enabled: true }],
  ['the same credentials', { headers: { Authorization: 'Bearer a' } }],
  ['to remove a header that is not there', { headers: { 'X-None': null } }],
  ['the same instances, with the query and without', { instances: FIELDS.instances }],
  [
    'the same URLs as views show them',
    { instances: [{ url: 'http://127.0.0.1:9/mcp', weight: 3 }, FIELDS.instances[1]] },
  ],
  ['the same timeout', { timeouts: { readMs: 9_000 } }],
  ['the same metadata in another order', { metadata: { zero: -0, team: { floors: [1, 2], name: 'sky' } } }],
  ['all of it', { ...FIELDS, transport: 'auto', hostMode: 'upstream', license: '', stars: 0 }],
])('a PATCH that says %s is answered with what is there and leaves no trace', async (_what, patch) => {
  const before = await it.servers.get('weather');
  const answer = await change(patch, before.revision);
  expect(answer).toEqual({ server: before, revision: before.revision, changed: false, droppedHeaders: [] });
  expect(await it.servers.get('weather')).toEqual(before);
  expect(await it.store.meta.revision()).toBe(before.revision);
  expect({ probed, said, recorded: it.recorded }).toEqual({ probed: [], said: [], recorded: [] });
  expect(await audited()).toEqual(['server.registered']);
});

test.each<[string, unknown]>([
  ['a credential', { headers: { Authorization: 'Bearer b' } }],
  ['how the name of a header is written', { headers: { authorization: 'Bearer a' } }],
  ['a query', { instances: [{ url: 'http://127.0.0.1:9/mcp?token=two', weight: 3 }, FIELDS.instances[1]] }],
  [
    'that there is no query any more',
    { instances: [{ url: 'http://127.0.0.1:9/mcp?', weight: 3 }, FIELDS.instances[1]] },
  ],
  ['which instance comes first', { instances: FIELDS.instances.toReversed() }],
  ['something deep in the metadata', { metadata: { team: { name: 'sky', floors: [2, 1] }, zero: 0 } }],
])('%s is a change, also where no view shows it', async (_what, patch) => {
  const before = await it.servers.get('weather');
  const { server, revision, changed } = await change(patch);
  expect({ changed, revision }).toEqual({ changed: true, revision: before.revision + 1 });
  expect(server.revision).toBe(revision);
  expect(said).toEqual(['weather']);
});

test('of two equal changes at once one is made, and both are answered with it', async () => {
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
  expect(said).toEqual(['weather']);
  expect(it.recorded).toHaveLength(1);
  expect(await audited()).toEqual(['server.changed', 'server.registered']);
});

test('what another change has brought meanwhile is not made a second time', async () => {
  await change({ headers: { Authorization: 'Bearer b' } });
  whileProbing = async () => {
    whileProbing = () => Promise.resolve();
    await change({ headers: { Authorization: 'Bearer a' } });
  };
  const answer = await change({ headers: { Authorization: 'Bearer a' } });
  expect(answer).toMatchObject({ changed: false, revision: 3, server: { revision: 3 } });
  expect(await it.store.meta.revision()).toBe(3);
});

test('a stale one is refused, and the management server keeps its switch, whether they would change anything or not', async () => {
  const { revision } = await it.servers.get('weather');
  await expect(change({}, revision + 1)).rejects.toMatchObject({ code: 'stale' });
  await it.servers.register(actor, it.input({ path: 'mcpgw', url: 'http://127.0.0.1:7861/mcp' }), { builtIn: true });
  await expect(it.servers.change(actor, 'mcpgw', it.patch({ enabled: true }))).rejects.toMatchObject({
    code: 'forbidden',
  });
  expect(await it.servers.change(actor, 'mcpgw', it.patch({}))).toMatchObject({ changed: false });
});

test('a registration, removal or return that did not reach the gate is published all the same', async () => {
  const refuse = new RegistryError('unavailable', 'the change is stored but not yet enforced');
  writeServer = () => Promise.reject(refuse);
  const told: string[] = [];
  for (const name of ['server.registered', 'server.removed', 'server.restored'] as const)
    it.events.on(name, ({ path }) => told.push(`${name} ${path}`));
  await expect(it.servers.register(actor, it.input({ path: 'news', ...FIELDS }))).rejects.toBe(refuse);
  await expect(it.servers.remove(actor, 'news')).rejects.toBe(refuse);
  await expect(it.servers.restore(actor, 'news')).rejects.toBe(refuse);
  expect(told).toEqual(['server.registered news', 'server.removed news', 'server.restored news']);
});

test('a change that did not reach the gate is published all the same, and its repetition is not answered before the gate knows', async () => {
  const refuse = new RegistryError('unavailable', 'the change is stored but not yet enforced');
  writeServer = () => Promise.reject(refuse);
  await expect(change({ enabled: false })).rejects.toBe(refuse);
  expect(said).toEqual(['weather']);
  await expect(change({ enabled: false })).rejects.toBe(refuse);

  let written = (): void => undefined;
  writeServer = () => new Promise((resolve) => (written = resolve));
  let answered = false;
  const again = change({ enabled: false }).finally(() => (answered = true));
  for (let turns = 0; turns < 50; turns += 1) await turn();
  expect(answered).toBe(false);
  written();
  expect(await again).toMatchObject({ changed: false, server: { enabled: false } });
  expect(said).toEqual(['weather']);
  expect(await audited()).toEqual(['server.disabled', 'server.registered']);
});
