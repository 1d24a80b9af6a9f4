import { expect, test } from 'vitest';
import { createServerView } from '../../test/support/registry/create-server-view.ts';
import { prepareLive } from '../../test/support/live/prepare-live.ts';

const on = prepareLive();

const remove = (path: string) => {
  on.catalogue.servers.delete(path);
  on.events.emit('server.removed', { serverId: `id-${path}`, path });
};
const changeTools = (path: string) => on.events.emit('tools.changed', { serverId: `id-${path}`, path });
/** Sent after everything that happened before: a client that received it gets no more of that. */
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
  on.catalogue.servers.set('weather', createServerView('weather'));
  await on.start();
  const client = on.open();
  await client.until('snapshot');
  return client;
}
type Window = Awaited<ReturnType<typeof openWindow>>;
const received = ({ messages }: Window) =>
  messages.flatMap((message) => {
    if (message.type === 'server.changed') return [`${message.type} ${message.server.path}`];
    if (message.type === 'server.removed' || message.type === 'tools.changed')
      return [`${message.type} ${message.path}`];
    return message.type === 'generation.failed' ? [message.type] : [];
  });

test('a change of tools while a removal is read is not sent after the removal', async () => {
  const client = await openWindow();
  atNextRead(() => {
    changeTools('weather');
    mark();
  });
  remove('weather');
  await client.until('generation.failed');
  expect(received(client)).toEqual(['server.removed weather', 'generation.failed']);
});

test('a change of tools just before a removal, or reported after it, is not sent after the removal', async () => {
  const client = await openWindow();
  changeTools('weather');
  remove('weather');
  await client.until('server.removed');
  changeTools('weather');
  mark();
  await client.until('generation.failed');
  expect(received(client)).toEqual(['server.removed weather', 'generation.failed']);
});

test('a change of tools of a server that appears while others are read is sent after that server', async () => {
  const client = await openWindow();
  atNextRead(() => {
    // As in a registration: the listed tools are stored before the event of the server.
    changeTools('news');
    on.change('news', 'just here');
    mark();
  });
  on.change('weather', 'cloudy');
  await client.until('generation.failed');
  expect(received(client)).toEqual([
    'server.changed weather',
    'server.changed news',
    'tools.changed news',
    'generation.failed',
  ]);
});

test('a message that was pending when reading failed is sent when reading works again', async () => {
  const client = await openWindow();
  atNextRead(() => {
    mark();
    throw new Error('the disk is gone');
  });
  changeTools('weather');
  await client.until('generation.failed');
  expect(received(client)).toEqual(['tools.changed weather', 'generation.failed']);
  expect(on.warnings).toHaveLength(1);
});

test('changes of limits, settings and groups are sent once for many events', async () => {
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

test('a check without a change is a short message, and the whole server for a reconnecting client', async () => {
  const client = await openWindow();
  const before = client.lastSeq();
  const checked = { ...createServerView('weather'), lastCheckedAt: '2026-11-30T12:00:00.000Z', latencyMs: 7 };
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
