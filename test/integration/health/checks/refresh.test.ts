import { expect, test } from 'vitest';
import { waitFor } from '../../../support/wait-for.ts';
import { actor } from '../../servers/catalogue.ts';
import { freePort } from '../../servers/running.ts';
import { ECHO, startHttp, startLegacy, type Behaviour } from '../backends.ts';
import { prepareHealth } from '../prepare-health.ts';

const { it, use, stop, register, status } = prepareHealth();

test('a refresh returns its result, and one failure makes the server unhealthy', async () => {
  const backend = await use(startLegacy());
  await register('refreshed', backend.url);
  expect(await it.health.refresh('refreshed')).toMatchObject({ health: 'healthy', tools: [ECHO], era: 'legacy' });
  await stop(backend);
  expect(await it.health.refresh('refreshed')).toMatchObject({ health: 'unhealthy', tools: [] });
  expect(await status('refreshed')).toBe('unhealthy');
  await expect(it.health.refresh('nowhere')).rejects.toMatchObject({ code: 'not_found' });
});

test('a server changed or removed while it is probed is not overwritten', async () => {
  const held: (() => void)[] = [];
  let isReleased = false;
  const slow = await use(
    startHttp((_, response) => {
      const answer = () => void response.writeHead(500).end();
      if (isReleased) answer();
      else held.push(answer);
    }),
  );
  const port = await freePort();
  await register('racing', `http://127.0.0.1:${port}`);
  await it.servers.change(actor, 'racing', it.patch({ enabled: false }));
  const server = await it.store.servers.byPath('racing');
  expect(server).toBeDefined();
  const refreshing = it.servers.change(actor, 'racing', it.patch({ enabled: true, url: slow.url }));
  await waitFor('the probe', () => held.length > 0);
  await it.servers.remove(actor, 'racing');
  isReleased = true;
  for (const answer of held) answer();
  await expect(refreshing).rejects.toMatchObject({ code: 'not_found' });
});

test('a refresh of a server that is changed meanwhile probes again, and never returns nothing', async () => {
  const behaviour: Behaviour = { tools: [ECHO] };
  const backend = await use(startLegacy(behaviour));
  await register('busy', backend.url);
  behaviour.onList = () => {
    delete behaviour.onList;
    return it.servers.change(actor, 'busy', it.patch({ description: 'changed while it was probed' }));
  };
  expect(await it.health.refresh('busy')).toMatchObject({ health: 'healthy', tools: [{ name: 'echo' }] });

  let rounds = 0;
  behaviour.onList = () => it.servers.change(actor, 'busy', it.patch({ description: `round ${(rounds += 1)}` }));
  await expect(it.health.refresh('busy')).rejects.toMatchObject({ code: 'unavailable' });
  expect(rounds).toBe(3);
});
