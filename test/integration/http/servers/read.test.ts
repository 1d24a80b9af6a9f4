import { expect, test } from 'vitest';
import { healthHistories } from '../../../../registry/contract/index.ts';
import { createClient, type Client } from '../client.ts';
import { useApp, type UsedApp } from '../use-app.ts';

let app: UsedApp['app'];
let client: Client;
useApp('each', (used) => ({ app, client } = used));
const weather = { path: 'weather', url: 'http://127.0.0.1:9/', headers: { Authorization: 'Bearer top-secret' } };

test('the checks of several servers are returned in one response, without unknown servers', async () => {
  await client.post('/api/servers', { body: weather });
  await client.post('/api/servers', { body: { ...weather, path: 'team/other' } });
  await client.post('/api/servers/weather/check');
  const { json } = await client.get('/api/checks?paths=weather,team%2Fother,nothing&limit=1');
  const [first, second] = healthHistories.parse(json).items;
  expect([first?.path, second?.path]).toEqual(['weather', 'team/other']);
  expect(first).toMatchObject({ health: 'unhealthy', checks: [{ health: 'unhealthy' }] });
  expect((json as { items: unknown[] }).items).toHaveLength(2);
  const many = Array.from({ length: 101 }, (_, n) => `s${n}`).join(',');
  expect((await client.get(`/api/checks?paths=${many}`)).status).toBe(422);
  expect((await createClient(app.url).get('/api/checks?paths=weather')).status).toBe(401);
});

test('a path with a slash is requested encoded, with or without a leading slash', async () => {
  await client.post('/api/servers', { body: { ...weather, path: '/team/search/' } });
  for (const path of ['team%2Fsearch', '%2Fteam%2Fsearch', '%2Fteam%2Fsearch%2F'])
    expect((await client.get(`/api/servers/${path}`)).json).toMatchObject({ path: 'team/search' });
  expect((await client.get('/api/servers/team')).status).toBe(404);
});

test('lists are paged, and their cursors need no encoding in a URL', async () => {
  const paths = ['a', 'b', 'c/d', 'c/e', 'f'];
  for (const path of paths) await client.post('/api/servers', { body: { path, url: `http://127.0.0.1:9/${path}` } });
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = (await client.get(`/api/servers?limit=2${cursor && `&cursor=${cursor}`}`)).json as {
      items: { path: string }[];
      nextCursor?: string;
    };
    seen.push(...page.items.map(({ path }) => path));
    cursor = page.nextCursor ?? '';
    expect(encodeURIComponent(cursor)).toBe(cursor);
  } while (cursor !== '');
  expect(seen).toEqual(paths);
  const agents = (await client.get('/api/agents?limit=1')).json as { items: unknown[]; nextCursor?: string };
  expect(agents).toEqual({ items: agents.items });
});

test('snippets are returned for every client or one, without a key', async () => {
  await client.post('/api/servers', { body: weather });
  const all = (await client.get('/api/servers/weather/connect')).json as { snippets: unknown[] };
  expect(all.snippets.length).toBeGreaterThan(5);
  const one = await client.get('/api/servers/weather/connect?client=cursor');
  expect(one.json).toMatchObject({ snippets: [{ client: 'cursor' }] });
  expect(one.text).not.toMatch(/mgw_[0-9A-Za-z]{43}/);
  expect((await client.get('/api/servers/weather/connect?client=none')).status).toBe(422);
});

test('/health reports servers only to callers that may read them, and reports problems of publishing', async () => {
  await client.post('/api/servers', { body: weather });
  expect((await createClient(app.url).get('/health')).json).toEqual({ status: 'healthy' });
  expect((await client.get('/health')).json).toMatchObject({
    servers: { weather: { tools_cached: 0, running: false } },
  });
  expect((await client.get('/readyz')).json).toMatchObject({ status: 'ready', generation: 3, published: true });
  app.publisher.progress = () => ({ hasEndedOnce: true, problem: 'the disk is full' });
  expect((await client.get('/readyz')).json).toMatchObject({ status: 'ready', generation: 3, published: false });
  expect(await client.get('/health')).toMatchObject({
    status: 200,
    json: { status: 'degraded', error: expect.stringContaining('the disk is full') as string },
  });
  expect((await createClient(app.url).get('/health')).json).toEqual({ status: 'degraded' });
  app.publisher.progress = () => ({ hasEndedOnce: false, problem: null });
  const early = await client.get('/readyz');
  expect(early.status).toBe(503);
  expect(early.problem.detail).toContain('the first publish of this start');
  app.publisher.progress = () => ({ hasEndedOnce: true, problem: null });
  app.publisher.current = async () => null;
  expect((await client.get('/readyz')).status).toBe(503);
  expect((await client.get('/health')).json).toMatchObject({ status: 'degraded' });
  expect((await client.get('/healthz')).json).toEqual({ status: 'alive' });
});
