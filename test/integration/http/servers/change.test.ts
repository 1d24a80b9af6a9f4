import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../../registry/contract/index.ts';
import { createClient, type Client } from '../client.ts';
import { useApp, type UsedApp } from '../use-app.ts';

let app: UsedApp['app'];
let client: Client;
useApp('each', (used) => ({ app, client } = used));
const weather = { path: 'weather', url: 'http://127.0.0.1:9/', headers: { Authorization: 'Bearer top-secret' } };

test('a change that is based on an outdated revision is refused with the current state', async () => {
  const created = await client.post('/api/servers', { body: weather });
  const etag = created.headers.get('ETag') ?? '';
  const patch = (name: string, ifMatch: string) =>
    client.patch('/api/servers/weather', { body: { name }, headers: { 'If-Match': ifMatch } });
  expect((await patch('Mine', etag)).status).toBe(200);
  const late = await patch('Theirs', etag);
  expect(late.status).toBe(412);
  expect(late.problem).toMatchObject({ code: 'stale', current: { name: 'Mine' } });
  expect((await patch('Forced', '*')).status).toBe(200);
  const gone = await client.delete('/api/servers/weather', { headers: { 'If-Match': etag } });
  expect(gone.status).toBe(412);
});

test('a change without effect is answered with the current state and its ETag, without waiting', async () => {
  const created = await client.post('/api/servers', { body: weather });
  const etag = created.headers.get('ETag') ?? '';
  const shown = (await client.get('/api/servers/weather')).json;
  app.publisher.outcome = { applied: true, generation: 2, error: null };
  for (const wait of ['true', 'false'])
    for (const body of [{}, { enabled: true, url: weather.url, headers: weather.headers }]) {
      const same = await client.patch(`/api/servers/weather?wait=${wait}`, { body, headers: { 'If-Match': etag } });
      expect(same.status).toBe(200);
      expect(same.headers.get('ETag')).toBe(etag);
      expect(same.json).toEqual({ ...shown, applied: true, generation: 2 });
    }
  expect((await client.post('/toggle/weather', { form: { enabled: 'on' } })).headers.get('ETag')).toBe(etag);
  const audit = (await client.get('/api/audit?target=weather')).json as { items: { action: string }[] };
  expect(audit.items.map(({ action }) => action)).toEqual(['server.registered']);

  // The change stored before is still being published.
  app.publisher.whenLive = () => new Promise(() => undefined);
  const early = await client.patch('/api/servers/weather?wait=false', { body: {} });
  expect(early).toMatchObject({ status: 202, json: { applied: false, pendingRevision: shown['revision'] } });
});

test('a removal can be undone', async () => {
  await client.post('/api/servers', { body: weather });
  const removed = await client.delete('/api/servers/weather');
  expect(removed.json).toMatchObject({ path: 'weather', removedAt: expect.any(String) as string });
  expect((await client.get('/api/servers/weather')).status).toBe(404);
  const listed = await client.get('/api/removed-servers');
  expect(listed.json).toEqual({
    items: [{ path: 'weather', name: 'weather', removedAt: expect.any(String) as string }],
  });
  expect((await client.get('/api/removed-servers?limit=0')).status).toBe(422);
  expect((await createClient(app.url).get('/api/removed-servers')).status).toBe(401);
  expect((await client.post('/api/servers/weather/restore')).json).toMatchObject({ removedAt: null });
  expect((await client.get('/api/removed-servers')).json).toEqual({ items: [] });
  expect((await client.get('/api/servers/weather')).status).toBe(200);
  const list = async (more: string) => {
    const { items } = (await client.get(`/api/audit?target=weather${more}`)).json as { items: AuditEntry[] };
    return items.map(({ action }) => action);
  };
  const all = ['server.restored', 'server.removed', 'server.registered'];
  expect(await list('')).toEqual(all);
  const [newest] = ((await client.get('/api/audit?limit=1')).json as { items: AuditEntry[] }).items;
  // The same time in a zone two hours ahead.
  const ahead = new Date(Date.parse(newest?.at ?? '') + 7_200_000).toISOString().replace('Z', '%2B02:00');
  expect((await list(`&from=${ahead}`))[0]).toBe('server.restored');
  expect(await list(`&to=${ahead}`)).not.toContain('server.restored');
  expect(await list('&from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z')).toEqual(all);
  expect(await list('&to=2020-01-01T00:00:00Z')).toEqual([]);
});

test('a server that moves to another origin loses its stored headers, and the response reports it', async () => {
  await client.post('/api/servers', { body: weather });
  const stays = await client.patch('/api/servers/weather', { body: { url: 'http://127.0.0.1:9/mcp' } });
  expect(stays.json).not.toHaveProperty('droppedHeaders');
  for (const wait of [true, false]) {
    await client.patch('/api/servers/weather', { body: { headers: weather.headers } });
    const url = `http://127.0.0.1:${wait ? 7 : 11}/`;
    const moved = await client.patch(`/api/servers/weather?wait=${wait}`, { body: { url } });
    expect(moved.json).toMatchObject({ droppedHeaders: ['Authorization'], headers: [] });
  }
});

test('each name in forwardHeaders is validated; a questionable one is a warning', async () => {
  const created = await client.post('/api/servers', {
    body: { ...weather, forwardHeaders: ['X-Tenant', 'Remote-User'] },
  });
  expect(created.json).toMatchObject({ forwardHeaders: ['Remote-User', 'X-Tenant'], headers: ['Authorization'] });
  expect(created.json['warnings']).toEqual([expect.stringMatching(/^Remote-User .* must not trust it/)]);
  const path = '/api/servers/weather';
  const bad = await client.patch(path, { body: { forwardHeaders: ['X-Ok', 'Authorization', 'X: y'] } });
  expect(bad.status).toBe(422);
  expect((bad.problem.errors ?? []).map(({ field }) => field)).toEqual(['forwardHeaders.1', 'forwardHeaders.2']);
  const same = await client.patch(path, { body: { forwardHeaders: ['X-Tenant', 'Remote-User', 'x-tenant'] } });
  expect(same.json).toMatchObject({ revision: created.json['revision'] });
  const none = await client.patch(path, { body: { forwardHeaders: [] } });
  expect(none.json).toMatchObject({ forwardHeaders: [], warnings: [] });
});
