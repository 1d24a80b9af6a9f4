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
