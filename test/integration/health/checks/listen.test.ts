import { expect, test } from 'vitest';
import { waitFor } from '../../../support/wait-for.ts';
import { actor } from '../../servers/catalogue.ts';
import { ECHO, startLegacy, startModern, type Behaviour } from '../backends.ts';
import { openHealth } from '../open-health.ts';
import { waitUntilReleased } from '../probe/probe-backend.ts';

const ADDED = { ...ECHO, name: 'added' };
const RARELY = '0 0 0 29 2 *';

test.each([
  ['legacy', startLegacy],
  ['modern', startModern],
] as const)(
  'a %s server that notifies of changed tools is listened to, and disconnected at the end',
  async (_, start) => {
    const behaviour = { tools: [ECHO], listChanged: true };
    const it = await openHealth();
    const backend = await start(behaviour);
    await it.servers.register(actor, it.input({ path: 'notifying', url: `${backend.url}/mcp` }));
    it.health.setCron('* * * * * *');
    it.health.start();
    await waitFor('a listener', () => it.health.metrics().listeners === 1);
    behaviour.tools = [ECHO, ADDED];
    await waitFor('the new tool', async () => {
      await backend.announce();
      return (await it.servers.get('notifying')).toolCount === 2;
    });
    expect((await it.tools.tools('notifying')).tools.map(({ name }) => name)).toEqual(['added', 'echo']);
    await it.close();
    await waitUntilReleased(backend);
    await backend.close();
  },
);

test('a change before the listener connected is detected when it connects', async () => {
  const behaviour: Behaviour = { tools: [ECHO], listChanged: true };
  const it = await openHealth({ cron: RARELY });
  const backend = await startLegacy(behaviour);
  await it.servers.register(actor, it.input({ path: 'notifying', url: `${backend.url}/mcp` }));
  behaviour.tools = [ECHO, ADDED];
  it.health.start();
  await waitFor('the new tool', async () => (await it.servers.get('notifying')).toolCount === 2);
  await it.close();
  await backend.close();
});

test('a change that could not be listed after its notification is listed at the next check', async () => {
  let lists = 0;
  const behaviour: Behaviour = { tools: [ECHO], listChanged: true, onList: () => (lists += 1) };
  const it = await openHealth({ cron: RARELY });
  const backend = await startLegacy(behaviour);
  await it.servers.register(actor, it.input({ path: 'notifying', url: `${backend.url}/mcp` }));
  it.health.start();
  // Once when it was registered, once when listening began.
  await waitFor('the listener and its list', () => lists >= 2 && backend.sessions() <= 1);
  behaviour.tools = [ECHO, ADDED];
  behaviour.cuts = 1;
  await backend.announce();
  await waitFor('the cut request', () => behaviour.cuts === 0);
  await waitFor('the new tool', async () => {
    await it.health.sweep();
    return (await it.servers.get('notifying')).toolCount === 2;
  });
  await it.close();
  await backend.close();
});

test('a server that is too busy for a stream is listened to later', async () => {
  const behaviour: Behaviour = { tools: [ECHO], listChanged: true };
  const it = await openHealth({ cron: '* * * * * *' });
  const backend = await startLegacy(behaviour);
  await it.servers.register(actor, it.input({ path: 'notifying', url: `${backend.url}/mcp` }));
  // The probe at the registration requests a stream too.
  behaviour.busy = 1;
  it.health.start();
  await waitFor('the refused stream', () => behaviour.busy === 0);
  await waitFor('a listener later', () => it.health.metrics().listeners === 1 && backend.sockets() > 0);
  await it.close();
  await backend.close();
});
