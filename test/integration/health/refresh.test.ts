import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { actor } from '../servers/catalogue.ts';
import { freePort } from '../servers/running.ts';
import { ECHO, startHttp, startLegacy, type Behaviour } from './backends.ts';
import { prepareKnowing } from './prepare-knowing.ts';

const { it, use, stop, register, status } = prepareKnowing();

test('a refresh answers with what it found, and is believed at once', async () => {
  const backend = await use(startLegacy());
  await register('asked', backend.url);
  expect(await it.health.refresh('asked')).toMatchObject({ observed: 'healthy', tools: [ECHO], era: 'legacy' });
  await stop(backend);
  expect(await it.health.refresh('asked')).toMatchObject({ observed: 'unhealthy', tools: [] });
  expect(await status('asked')).toBe('unhealthy');
  await expect(it.health.refresh('nowhere')).rejects.toMatchObject({ code: 'not_found' });
});

test('a server changed or removed while it is looked at is not written over', async () => {
  let answer: (() => void) | undefined;
  const slow = await use(
    startHttp((_, response) => {
      answer = () => response.writeHead(500).end();
    }),
  );
  const port = await freePort();
  await register('racing', `http://127.0.0.1:${port}`);
  await it.servers.change(actor, 'racing', it.patch({ enabled: false }));
  const server = await it.store.servers.byPath('racing');
  expect(server).toBeDefined();
  const refreshing = it.servers.change(actor, 'racing', it.patch({ enabled: true, url: slow.url }));
  while (answer === undefined) await sleep(5);
  await it.servers.remove(actor, 'racing');
  answer();
  await expect(refreshing).rejects.toMatchObject({ code: 'not_found' });
});

test('a refresh of a server that is changed meanwhile looks again, and never answers with nothing', async () => {
  const behaviour: Behaviour = { tools: [ECHO] };
  const backend = await use(startLegacy(behaviour));
  await register('busy', backend.url);
  behaviour.onList = () => {
    delete behaviour.onList;
    return it.servers.change(actor, 'busy', it.patch({ description: 'changed while it was looked at' }));
  };
  expect(await it.health.refresh('busy')).toMatchObject({ observed: 'healthy', tools: [{ name: 'echo' }] });

  let rounds = 0;
  behaviour.onList = () => it.servers.change(actor, 'busy', it.patch({ description: `round ${(rounds += 1)}` }));
  await expect(it.health.refresh('busy')).rejects.toMatchObject({ code: 'unavailable' });
  expect(rounds).toBe(3);
});
