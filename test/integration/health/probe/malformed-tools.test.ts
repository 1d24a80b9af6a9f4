import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Tool } from '../../../../registry/contract/index.ts';
import { createTools } from '../../../../registry/tools/create-tools.ts';
import { actor } from '../../servers/catalogue.ts';
import { ECHO, startLegacy, startModern, startSse, type Backend, type Behaviour } from '../backends.ts';
import { openHealth, type HealthSetup } from '../open-health.ts';
import { createBackends, probeUrl } from './probe-backend.ts';

const { use, close } = createBackends();
afterEach(close);

// A tool that a server lists and no schema accepts.
const bad = (tool: object): Tool => tool as Tool;
const ADD: Tool = { ...ECHO, name: 'add' };
const HINTED = bad({ ...ECHO, name: 'hinted', annotations: { readOnlyHint: 'yes' } });
const REASON = 'annotations.readOnlyHint: expected boolean, received string';

test.each([
  ['legacy', (behaviour: Behaviour) => startLegacy(behaviour)],
  ['modern', (behaviour: Behaviour) => startModern(behaviour)],
  ['legacy SSE', (behaviour: Behaviour) => startSse(behaviour)],
] satisfies [string, (behaviour: Behaviour) => Promise<Backend>][])(
  '%s: one invalid tool hides none of the others, and is reported with cause and remedy',
  async (_, start) => {
    const backend = await use(start({ tools: [ECHO, HINTED, ADD] }));
    expect(await probeUrl(backend.url)).toMatchObject({
      health: 'degraded',
      tools: [ADD, ECHO],
      malformed: [{ name: 'hinted', problem: REASON }],
      problem: `Invalid tools, omitted: "hinted" (${REASON})`,
      remedy: expect.stringContaining('Correct their definitions on the server') as string,
    });
  },
);

test('each kind of invalid tool is omitted by itself, and its text is quoted without invisible characters', async () => {
  let deep: object = { type: 'object' };
  for (let level = 0; level < 70; level += 1) deep = { type: 'object', properties: { deep } };
  const tools = [
    { description: 'Nameless.', inputSchema: { type: 'object' } },
    { name: 'n'.repeat(300), inputSchema: { type: 'object' } },
    { name: 'no\u202eschema' },
    { name: 'odd', inputSchema: { type: 'object' }, outputSchema: { type: 'array' } },
    { name: 'deep', inputSchema: deep },
    'no tool at all',
    ECHO,
  ];
  const backend = await use(startLegacy({ tools: tools.map((tool) => tool as Tool) }));
  const seen = await probeUrl(backend.url);
  expect(seen.tools).toEqual([ECHO]);
  expect(seen.malformed).toEqual([
    { name: null, problem: 'name: expected string, received undefined' },
    { name: 'n'.repeat(256), problem: 'the name is longer than 256 characters' },
    { name: 'no\u202eschema', problem: 'inputSchema: expected object, received undefined' },
    { name: 'odd', problem: 'outputSchema: expected a JSON schema of type object' },
    { name: 'deep', problem: 'nested deeper than 60 levels' },
    { name: null, problem: 'expected object, received string' },
  ]);
  expect(seen.problem).toMatch(/a tool without a name \(name: .*"no schema" .* and 3 more$/);
});

test('a credential in a quoted text of the server is redacted', async () => {
  const echoed = { name: 'sent_sesame42', inputSchema: { type: 'object' }, icons: 1 } as object;
  const backend = await use(startLegacy({ tools: [ECHO, bad(echoed)] }));
  const seen = await probeUrl(backend.url, { headers: { 'X-Key': 'sesame42' } });
  expect(seen).toMatchObject({ health: 'degraded', tools: [ECHO] });
  expect(seen.problem).toContain('"sent_(secret)"');
});

test('a list with very many invalid tools is rejected as a whole', async () => {
  const tools = Array.from({ length: 1_001 }, (_, index) => bad({ ...HINTED, name: `t${index}` }));
  const backend = await use(startLegacy({ tools: [ECHO, ...tools] }));
  expect(await probeUrl(backend.url)).toMatchObject({
    health: 'degraded',
    tools: [],
    malformed: [],
    problem: expect.stringMatching(/^Invalid tools, omitted: .* and 998 more/) as string,
  });
});

describe('with a tool lock that blocks changes', () => {
  let it: HealthSetup;
  beforeEach(async () => {
    it = await openHealth();
  });
  afterEach(async () => {
    await it.close();
    expect(it.logged).toEqual([]);
  });
  const HIDDEN = bad({ ...ADD, annotations: { destructiveHint: 1 } });

  test('an approved tool that becomes invalid is blocked, and allowed again only as it was approved', async () => {
    const behaviour = { tools: [ECHO, ADD] };
    const backend = await use(startLegacy(behaviour));
    const { server } = await it.servers.register(actor, it.input({ path: 'turns', url: backend.url }));
    await it.tools.setLock(actor, 'turns', { mode: 'block' });
    expect(await it.tools.allowedTools(server.id)).toEqual(['add', 'echo']);
    it.written.length = 0;
    behaviour.tools = [ECHO, HIDDEN];
    await it.health.refresh('turns');
    expect(it.written).toContain(server.id);
    expect(await it.tools.allowedTools(server.id)).toEqual(['echo']);
    const view = await it.tools.tools('turns');
    expect(view.tools.map(({ name }) => name)).toEqual(['echo']);
    expect(view.toolLock?.missing).toEqual(['add']);
    expect(view.malformed).toMatchObject([{ name: 'add', instances: [backend.url] }]);
    expect((await it.servers.get('turns')).error).toContain('"add" (annotations.destructiveHint: expected boolean');
    expect((await it.health.history('turns', 1)).instances[0]).toMatchObject({ up: true, health: 'degraded' });
    // It cannot be approved by name, and approving all does not approve it.
    await expect(it.tools.approve(actor, 'turns', { tools: [{ name: 'add' }] })).rejects.toMatchObject({
      code: 'invalid',
    });
    await it.tools.approve(actor, 'turns', {});
    behaviour.tools = [ECHO, ADD];
    await it.health.refresh('turns');
    expect(await it.tools.allowedTools(server.id)).toEqual(['echo']);
    const healed = await it.tools.tools('turns');
    expect(healed.malformed).toEqual([]);
    expect(healed.tools.map(({ name, approval }) => [name, approval])).toEqual([
      ['add', 'added'],
      ['echo', 'approved'],
    ]);
    expect((await it.servers.get('turns')).status).not.toBe('degraded');
  });

  test('a tool that is invalid on one instance is blocked, even if another lists it as approved, and after a restart', async () => {
    const other = { tools: [ECHO, ADD] };
    const first = await use(startLegacy({ tools: [ECHO, ADD] }));
    const second = await use(startLegacy(other));
    const instances = [{ url: first.url }, { url: second.url }];
    const { server } = await it.servers.register(actor, it.input({ path: 'two', instances }));
    await it.tools.setLock(actor, 'two', { mode: 'block' });
    it.written.length = 0;
    other.tools = [ECHO, HIDDEN];
    await it.health.refresh('two');
    expect(it.written).toContain(server.id);
    expect(await it.tools.allowedTools(server.id)).toEqual(['echo']);
    const evaluated = { approval: 'changed', callable: false };
    expect((await it.tools.tools('two')).tools).toMatchObject([{ name: 'add', ...evaluated }, { name: 'echo' }]);
    expect(await it.tools.search({ q: 'add', limit: 1 })).toMatchObject([{ tool: { name: 'add' }, ...evaluated }]);
    await it.tools.approve(actor, 'two', {});
    const again = createTools({ ...it, log: console, accessFiles: { writeServer: () => Promise.resolve() } });
    expect(await again.allowedTools(server.id)).toEqual(['echo']);
    await again.close();
    // Another change of the server does not affect it.
    await it.servers.change(actor, 'two', it.patch({ description: 'Two of a kind.' }));
    expect(await it.tools.allowedTools(server.id)).toEqual(['echo']);
    other.tools = [ECHO, ADD];
    await it.health.refresh('two');
    expect(await it.tools.allowedTools(server.id)).toEqual(['add', 'echo']);
  });
});
