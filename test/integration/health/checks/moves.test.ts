import { expect, test } from 'vitest';
import { actor } from '../../servers/catalogue.ts';
import { startHttp } from '../backends.ts';
import { mcp, only } from '../probe/odd/odd-case.ts';
import { prepareHealth } from '../prepare-health.ts';

const { it, use, register, status } = prepareHealth();

test('a server that moves by itself is published once; the next move is only reported, until a person changes the server', async () => {
  let place = '/mcp';
  const backend = await use(
    startHttp((request, response) => {
      only([place], mcp())(request, response);
    }),
  );
  await register('restless', backend.url);
  const moved: string[] = [];
  it.events.on('endpoints.changed', ({ path }) => moved.push(path));
  const endpoint = async () => (await it.servers.get('restless')).instances[0]?.endpoints?.mcp;

  place = '/api/mcp';
  await it.health.refresh('restless');
  expect([await endpoint(), moved]).toEqual([`${backend.url}/api/mcp`, ['restless']]);
  expect(await status('restless')).toBe('healthy');

  place = '/mcp';
  for (let round = 0; round < 3; round += 1) {
    await it.health.refresh('restless');
    await it.health.sweep();
  }
  expect([await endpoint(), moved]).toEqual([`${backend.url}/api/mcp`, ['restless']]);
  const shown = await it.servers.get('restless');
  expect(shown.status).toBe('degraded');
  expect(shown.error).toContain(`it is found at ${backend.url}/mcp, and calls still go to ${backend.url}/api/mcp`);

  await it.servers.change(actor, 'restless', it.patch({ url: `${backend.url}/mcp` }));
  expect(await endpoint()).toBe(`${backend.url}/mcp`);
  expect(await status('restless')).toBe('healthy');
});
