import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({ supervised: false });
});
afterAll(() => gateway.close());

test('a change without effect does not end a rollback, and is answered as pending at once', async () => {
  // Nothing listens there: the test only needs the routes.
  const url = 'http://127.0.0.1:9/mcp';
  const { key } = await gateway.createAgent(['one', 'two']);
  const call = async (path: string) => {
    const headers = { authorization: `Bearer ${key}` };
    return (await fetch(`${gateway.url}/${path}/mcp`, { method: 'POST', headers, body: '{}' })).status;
  };
  const { generation } = await gateway.register({ path: 'one', url });
  const two = await gateway.register({ path: 'two', url, description: 'harmful' });
  expect(await call('two')).not.toBe(404);
  await gateway.admin.must('POST', `/api/generations/${generation ?? 0}/rollback`);
  expect(await call('two')).toBe(404);

  const startedMs = performance.now();
  for (const [path, same] of [
    ['one', {}],
    ['one', { enabled: true, url }],
    ['two', { description: 'harmful' }],
  ] as const)
    await gateway.admin.must('PATCH', `/api/servers/${path}`, same);
  expect(await gateway.admin.must('PATCH', '/api/servers/two', { tags: [] })).toMatchObject({
    revision: two.revision,
    updatedAt: two.updatedAt,
    applied: false,
    generation: null,
    status: 'pending',
  });
  // Not the 30 s that a response waits for a publish.
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  expect(await gateway.admin.must('GET', '/api/generations?limit=1')).toMatchObject({
    items: [{ number: two.generation, current: false }],
  });
  expect(await call('two')).toBe(404);

  expect(await gateway.admin.must('PATCH', '/api/servers/two', { description: 'better' })).toMatchObject({
    applied: true,
  });
  expect(await call('two')).not.toBe(404);
});
