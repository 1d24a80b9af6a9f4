import { expect, test } from 'vitest';
import type { ConfigInput } from '../../../registry/contract/index.ts';
import { useConfiguredApp } from './use-configured-app.ts';

const on = useConfiguredApp();
const { apply, plan, server } = on;

test('limits in a configuration are applied, limits that it omits stay, and a removed entry leaves no limits', async () => {
  const rules = {
    server: [{ callsPerDay: 500 }],
    agent: [{ server: 'weather', requestsPerSecond: 2 }],
    group: [{ perAgent: true as const, callsPerDay: 9 }],
  };
  const document: ConfigInput = {
    servers: { weather: server({ limits: { rules: rules.server } }), second: server() },
    groups: { ops: { limits: { rules: rules.group } } },
    agents: { laptop: { groups: ['ops'], limits: { zone: 'Europe/Berlin', rules: rules.agent } } },
  };
  const limitsOf = (path: string) =>
    on.admin.must<{ rules: object[]; zone: string; managedBy: string | null }>('GET', `/api/${path}/limits`);
  expect((await apply(document)).status).toBe(200);
  expect((await limitsOf('servers/weather')).rules).toEqual(rules.server);
  expect((await limitsOf('groups/ops')).rules).toEqual(rules.group);
  expect(await limitsOf('agents/laptop')).toMatchObject({ zone: 'Europe/Berlin', rules: rules.agent });
  expect((await plan(document)).changes).toEqual([]);

  // Limits in the document are managed by it; limits that it omits can be changed by the API.
  for (const path of ['servers/weather', 'groups/ops', 'agents/laptop']) {
    expect(await limitsOf(path)).toMatchObject({ managedBy: 'test' });
    expect(await on.admin.ask('PUT', `/api/${path}/limits`, { rules: [] })).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/^the limits of the .* managed by the configuration "test"/) },
    });
  }
  expect(await on.admin.must('PUT', '/api/servers/second/limits', { rules: [{ callsPerDay: 1 }] })).toMatchObject({
    managedBy: null,
  });
  expect((await plan(document)).changes).toEqual([]);
  // Taken over with their agent, and given back with it.
  await on.admin.must('POST', '/api/config/take-over', { kind: 'agent', name: 'laptop' });
  expect(await on.admin.must('PUT', '/api/agents/laptop/limits', { rules: [] })).toMatchObject({ managedBy: null });
  await apply(document);
  expect((await limitsOf('agents/laptop')).rules).toEqual([]);
  await on.admin.must('POST', '/api/config/give-back', { kind: 'agent', name: 'laptop' });
  expect((await plan(document)).changes).toEqual([
    {
      ...{ action: 'change', kind: 'agent', name: 'laptop', adopts: true },
      fields: [
        { field: 'limits', before: { zone: 'UTC', rules: [] }, after: { zone: 'Europe/Berlin', rules: rules.agent } },
        { field: 'limits.managedBy', before: null, after: 'test' },
      ],
    },
  ]);
  await apply(document);
  expect((await limitsOf('servers/second')).rules).toEqual([{ callsPerDay: 1 }]);
  expect((await limitsOf('agents/laptop')).rules).toEqual(rules.agent);

  // Equal limits that the API set before are only marked as managed; limits no longer in the document are removed.
  const adopting = {
    ...document,
    servers: { ...document.servers, second: server({ limits: { rules: [{ callsPerDay: 1 }] } }) },
  };
  expect((await apply(adopting)).body.changes).toMatchObject([
    { kind: 'server', name: 'second', fields: [{ field: 'limits.managedBy', before: null, after: 'test' }] },
  ]);
  expect((await on.admin.ask('PUT', '/api/servers/second/limits', { rules: [] })).status).toBe(409);
  await apply(document);
  expect(await limitsOf('servers/second')).toMatchObject({ rules: [], managedBy: null });

  const wrong = await apply({ servers: { weather: server({ limits: { rules: [{ largeBodies: 1 } as object] } }) } });
  expect(wrong.status).toBe(422);
  expect(wrong.body.errors?.[0]?.field).toContain('servers.weather.limits.rules.0');

  await apply({ servers: document.servers });
  await apply({ ...document, groups: { ops: {} }, agents: { laptop: { groups: ['ops'] } } });
  expect((await limitsOf('agents/laptop')).rules).toEqual([]);
  expect((await limitsOf('groups/ops')).rules).toEqual([]);
  await apply({});
});

test('a removed entry leaves no limits behind, and a new agent gets the default limits', async () => {
  const rules = [{ callsPerDay: 7 }];
  await on.admin.must('PATCH', '/api/settings', { agentLimits: { rules } });
  const document: ConfigInput = { agents: { limited: { groups: ['guests'] } }, groups: { guests: {} } };
  const limitsOf = async (path: string) =>
    (await on.admin.must<{ rules: object[] }>('GET', `/api/${path}/limits`)).rules;
  await apply(document);
  expect(await limitsOf('agents/limited')).toEqual(rules);
  await on.admin.must('PUT', '/api/agents/limited/limits', { rules: [{ callsPerDay: 1 }] });
  await on.admin.must('PUT', '/api/groups/guests/limits', { rules: [{ callsPerDay: 2 }] });
  // A change of an existing agent changes no limit.
  await apply({ ...document, agents: { limited: { description: 'x', groups: ['guests'] } } });
  expect(await limitsOf('agents/limited')).toEqual([{ callsPerDay: 1 }]);
  await apply({});
  await on.admin.must('PATCH', '/api/settings', { agentLimits: { rules: [] } });
  await apply(document);
  expect([await limitsOf('agents/limited'), await limitsOf('groups/guests')]).toEqual([[], []]);
  await apply({});
});
