import { expect, test } from 'vitest';
import { createClient, type Client } from '../client.ts';
import { useApp, type UsedApp } from '../use-app.ts';

let app: UsedApp['app'];
let client: Client;
useApp('each', (used) => ({ app, client } = used));
const weather = { path: 'weather', url: 'http://127.0.0.1:9/', headers: { Authorization: 'Bearer top-secret' } };

test('an OAuth client that registers itself gets 404 with the reason, with a login or without', async () => {
  const body = { client_name: 'Claude', redirect_uris: ['http://localhost/callback'] };
  const anonymous = createClient(app.url);
  for (const answer of [
    await anonymous.post('/register', { body }),
    await anonymous.post('/register', { form: { path: '/x', proxy_pass_url: 'http://h' } }),
    await client.post('/register', { body }),
    await client.post('/register', { body: { ...body, path: 'x', proxy_pass_url: 'http://h' } }),
  ]) {
    expect(answer.status).toBe(404);
    expect(answer.problem).toMatchObject({ detail: 'there is no OAuth here: send a key', code: 'not_found' });
    expect(answer.headers.get('WWW-Authenticate')).toBeNull();
  }
  const wrong = await createClient(app.url, 'Bearer mgw_wrong').post('/register', { body });
  expect(wrong.status).toBe(401);
});

test('older scripts register by form', async () => {
  const form = {
    name: 'Weather',
    path: '/weather',
    proxy_pass_url: 'http://127.0.0.1:9',
    description: 'Forecasts',
    tags: 'demo, Forecast,',
    num_tools: '3',
    num_stars: '5',
    is_python: 'on',
    license: 'MIT',
  };
  const created = await client.post('/register', { form });
  expect(created.status).toBe(201);
  expect(created.json).toMatchObject({
    path: 'weather',
    tags: ['demo', 'forecast'],
    stars: 5,
    license: 'MIT',
    applied: true,
  });
  expect(created.json['message']).toEqual(expect.any(String));
  expect((await client.post('/register', { form })).status).toBe(409);
  const json = await client.post('/register', {
    body: { server_name: 'T', path: 't/s', proxy_pass_url: 'http://h', tags: ['x'] },
  });
  expect(json.json).toMatchObject({ name: 'T', path: 't/s', tags: ['x'] });
  const bad = await client.post('/register', { form: { path: 'x', proxy_pass_url: 'ftp://h', num_stars: 'many' } });
  expect((bad.problem.errors ?? []).map(({ field }) => field).toSorted()).toEqual(['proxy_pass_url', 'stars']);
});

test('older scripts toggle by form: "on" enables, no value disables; JSON has true or false', async () => {
  await client.post('/api/servers', { body: { ...weather, path: 'team/search' } });
  const off = await client.post('/toggle/team/search', { form: {} });
  expect(off.status).toBe(200);
  expect(off.json).toMatchObject({
    service_path: '/team/search',
    new_enabled_state: false,
    status: 'disabled',
    num_tools: 0,
  });
  expect((await client.post('/toggle/team/search', { form: { enabled: 'on' } })).json).toMatchObject({
    new_enabled_state: true,
  });
  expect((await client.post('/toggle//team/search', { form: { enabled: 'off' } })).json).toMatchObject({
    new_enabled_state: false,
  });
  expect((await client.post('/toggle/team%2Fsearch', { body: { enabled: true } })).json).toMatchObject({
    new_enabled_state: true,
    applied: true,
  });
  expect((await client.post('/toggle/team/search', { body: {} })).status).toBe(422);
  expect((await client.post('/toggle/none', { form: {} })).status).toBe(404);
});
