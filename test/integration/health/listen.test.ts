import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { actor } from '../servers/catalogue.ts';
import { ECHO, startLegacy, startModern, type Behaviour } from './backends.ts';
import { openKnowing } from './knowing.ts';
import { untilFree } from './looking.ts';

test.each([
  ['legacy', startLegacy],
  ['modern', startModern],
] as const)('a %s server that tells of changed tools is heard, and let go at the end', async (_, start) => {
  const behaviour = { tools: [ECHO], listChanged: true };
  const it = await openKnowing();
  const backend = await start(behaviour);
  await it.servers.register(actor, it.input({ path: 'telling', url: `${backend.url}/mcp` }));
  it.health.setCron('* * * * * *');
  it.health.start();
  while (it.health.metrics().listeners < 1) await sleep(50);
  behaviour.tools = [ECHO, { ...ECHO, name: 'told' }];
  while ((await it.servers.get('telling')).toolCount < 2) {
    await backend.announce();
    await sleep(200);
  }
  expect((await it.discovery.tools('telling')).tools.map(({ name }) => name)).toEqual(['echo', 'told']);
  await it.close();
  await untilFree(backend);
  await backend.close();
});

const TOLD = { ...ECHO, name: 'told' };
const FAR_AWAY = '0 0 0 29 2 *';

test('what changed before anybody listened is noticed when somebody does', async () => {
  const behaviour: Behaviour = { tools: [ECHO], listChanged: true };
  const it = await openKnowing({ cron: FAR_AWAY });
  const backend = await startLegacy(behaviour);
  await it.servers.register(actor, it.input({ path: 'telling', url: `${backend.url}/mcp` }));
  behaviour.tools = [ECHO, TOLD];
  it.health.start();
  while ((await it.servers.get('telling')).toolCount < 2) await sleep(50);
  await it.close();
  await backend.close();
});

test('a change that could not be listed when it was told is listed at the next check', async () => {
  let lists = 0;
  const behaviour: Behaviour = { tools: [ECHO], listChanged: true, onList: () => (lists += 1) };
  const it = await openKnowing({ cron: FAR_AWAY });
  const backend = await startLegacy(behaviour);
  await it.servers.register(actor, it.input({ path: 'telling', url: `${backend.url}/mcp` }));
  it.health.start();
  // Once when it was registered, once when listening began.
  while (lists < 2 || backend.sessions() > 1) await sleep(20);
  behaviour.tools = [ECHO, TOLD];
  behaviour.cuts = 1;
  await backend.announce();
  while (behaviour.cuts > 0) await sleep(20);
  while ((await it.servers.get('telling')).toolCount < 2) await it.health.sweep();
  await it.close();
  await backend.close();
});

test('a server that is too busy for a stream is listened to later', async () => {
  const behaviour: Behaviour = { tools: [ECHO], listChanged: true };
  const it = await openKnowing({ cron: '* * * * * *' });
  const backend = await startLegacy(behaviour);
  await it.servers.register(actor, it.input({ path: 'telling', url: `${backend.url}/mcp` }));
  // The probe at the registration asks for a stream too.
  behaviour.busy = 1;
  it.health.start();
  while (behaviour.busy > 0 || it.health.metrics().listeners > 0) await sleep(5);
  while (it.health.metrics().listeners < 1 || backend.sockets() < 1) await sleep(50);
  await it.close();
  await backend.close();
});
