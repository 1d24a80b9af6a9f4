import { expect, test } from 'vitest';
import { makeServerView } from '../../test/support/registry/make-server-view.ts';
import { prepareLive } from '../../test/support/live/prepare-live.ts';

const on = prepareLive();

const remove = (path: string) => {
  on.catalogue.servers.delete(path);
  on.events.emit('server.removed', { serverId: `id-${path}`, path });
};
const changeTools = (path: string) => on.events.emit('tools.changed', { serverId: `id-${path}`, path });
/** Told after everything that happened before, so whoever was told this will be told nothing of that any more. */
const mark = () => on.events.emit('generation.failed', { number: 9, revision: 9, error: 'the end of this test' });

/** Runs `work` when the servers are read the next time: after they were, before the feed continues with them. */
function atNextRead(work: () => void): void {
  const { servers } = on.catalogue.source;
  on.catalogue.source.servers = async (ids) => {
    on.catalogue.source.servers = servers;
    const read = await servers(ids);
    work();
    return read;
  };
}

async function openWindow() {
  on.catalogue.servers.set('weather', makeServerView('weather'));
  await on.start();
  const client = on.open();
  await client.until('snapshot');
  return client;
}
type Window = Awaited<ReturnType<typeof openWindow>>;
const told = ({ messages }: Window) =>
  messages.flatMap((message) => {
    if (message.type === 'server.changed') return [`${message.type} ${message.server.path}`];
    if (message.type === 'server.removed' || message.type === 'tools.changed')
      return [`${message.type} ${message.path}`];
    return message.type === 'generation.failed' ? [message.type] : [];
  });

test('tools that change in the moment in which a removal is read are not told after it', async () => {
  const client = await openWindow();
  atNextRead(() => {
    changeTools('weather');
    mark();
  });
  remove('weather');
  await client.until('generation.failed');
  expect(told(client)).toEqual(['server.removed weather', 'generation.failed']);
});

test('tools that changed just before a removal, or are said to have after it, are not told after it', async () => {
  const client = await openWindow();
  changeTools('weather');
  remove('weather');
  await client.until('server.removed');
  changeTools('weather');
  mark();
  await client.until('generation.failed');
  expect(told(client)).toEqual(['server.removed weather', 'generation.failed']);
});

test('tools of a server that appears while others are read are told after it', async () => {
  const client = await openWindow();
  atNextRead(() => {
    // As a registration does it: what was listed is kept before the event of the server.
    changeTools('news');
    on.change('news', 'just here');
    mark();
  });
  on.change('weather', 'cloudy');
  await client.until('generation.failed');
  expect(told(client)).toEqual([
    'server.changed weather',
    'server.changed news',
    'tools.changed news',
    'generation.failed',
  ]);
});

test('what was to be told when reading failed is told when it works again', async () => {
  const client = await openWindow();
  atNextRead(() => {
    mark();
    throw new Error('the disk is gone');
  });
  changeTools('weather');
  await client.until('generation.failed');
  expect(told(client)).toEqual(['tools.changed weather', 'generation.failed']);
  expect(on.warnings).toHaveLength(1);
});

test('whose limits are others, and that settings are, is told once for many changes', async () => {
  const client = await openWindow();
  for (let count = 0; count < 3; count += 1) {
    on.events.emit('limits.changed', { scope: 'group', name: 'ops' });
    on.events.emit('settings.changed', { names: ['agentLimits'] });
    on.events.emit('group.changed', { name: 'ops' });
  }
  mark();
  await client.until('generation.failed');
  expect(client.of('limits.changed')).toMatchObject([{ scope: 'group', name: 'ops' }]);
  expect([client.of('settings.changed').length, client.of('agents.changed').length]).toEqual([1, 1]);
});

test('a check that finds a server as it was is a short message, and the whole server for who comes back', async () => {
  const client = await openWindow();
  const before = client.lastSeq();
  const checked = { ...makeServerView('weather'), lastCheckedAt: '2026-11-30T12:00:00.000Z', latencyMs: 7 };
  const check = () => on.events.emit('health.checked', { serverId: 'id-weather', path: 'weather', changed: false });
  on.catalogue.servers.set('weather', checked);
  check();
  await client.until('server.checked');
  expect(client.of('server.checked')[0]).toMatchObject({ serverId: 'id-weather', path: 'weather', latencyMs: 7 });
  expect(client.of('server.changed')).toEqual([]);
  on.catalogue.servers.set('weather', { ...checked, latencyMs: 9, status: 'unhealthy' });
  check();
  await client.until('server.changed');
  expect(client.of('server.changed')[0]?.server).toMatchObject({ latencyMs: 9, status: 'unhealthy' });
  const late = on.open(undefined, `?since=${before}`);
  await late.until('server.changed');
  expect(late.of('server.changed')[0]?.server).toEqual(client.of('server.changed')[0]?.server);
});
