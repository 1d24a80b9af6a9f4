import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { actor } from '../servers/catalogue.ts';
import { ECHO, startLegacy, startModern } from './backends.ts';
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
