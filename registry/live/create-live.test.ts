import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { NO_CALLS } from '../../test/support/live/live-catalogue.ts';
import { createServerView } from '../../test/support/registry/create-server-view.ts';
import { prepareLive } from '../../test/support/live/prepare-live.ts';

const on = prepareLive();

test('a client gets a snapshot, then the changes', async () => {
  on.catalogue.servers.set('weather', createServerView('weather', 'old'));
  on.catalogue.generation = { number: 3, revision: 9, rejected: [] };
  await on.start();
  const client = on.open();
  await client.until('snapshot');
  expect(client.messages[0]).toMatchObject({
    type: 'snapshot',
    servers: [{ path: 'weather', description: 'old' }],
    generation: { number: 3 },
    stats: NO_CALLS,
  });
  on.change('weather', 'new');
  on.change('news', 'just here');
  await client.until('server.changed', 2);
  on.catalogue.servers.delete('weather');
  on.events.emit('server.removed', { serverId: 'id-weather', path: 'weather' });
  await client.until('server.removed');
  expect(client.screen()).toEqual(new Map([['news', 'just here']]));
  const seqs = client.messages.map((message) => message.seq);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  expect(new Set(seqs).size).toBe(seqs.length);
});

test('one user has at most 20 connections, also when they are opened at once; others have their own', async () => {
  on.sessions.set('bob', { kind: 'user', name: 'bob', role: 'viewer', expiresAt: null });
  await on.start();
  const clients = Array.from({ length: 25 }, () => on.open());
  const refused: number[] = [];
  for (const { socket } of clients)
    socket.on('unexpected-response', (_request, response) => {
      refused.push(response.statusCode ?? 0);
      response.destroy();
    });
  await vi.waitFor(() => expect(refused).toEqual([429, 429, 429, 429, 429]), { timeout: 10_000 });
  expect(on.live.clients).toBe(20);
  await on.open({ authorization: 'bob' }).until('snapshot');
  clients.find(({ messages }) => messages.length > 0)?.socket.close();
  await vi.waitFor(() => expect(on.live.clients).toBe(20), { timeout: 10_000 });
  await on.open().until('snapshot');
});

test('after a published generation the servers that turned live are sent, without an event for each', async () => {
  on.catalogue.servers.set('weather', { ...createServerView('weather'), configuration: 'pending', status: 'pending' });
  on.catalogue.servers.set('news', createServerView('news'));
  await on.start();
  const client = on.open();
  await client.until('snapshot');
  on.catalogue.servers.set('weather', createServerView('weather'));
  on.catalogue.generation = { number: 4, revision: 10, rejected: [] };
  on.events.emit('generation.published', { number: 4, revision: 10, rejected: [] });
  await client.until('generation.published');
  expect(client.of('server.changed').map((message) => [message.server.path, message.server.status])).toEqual([
    ['weather', 'healthy'],
  ]);
  on.events.emit('generation.failed', { number: 5, revision: 11, error: 'nginx: no' });
  await client.until('generation.failed');
});

test('a thousand quick changes: no update is lost, and far fewer messages are sent', async () => {
  for (let n = 0; n < 20; n++) on.catalogue.servers.set(`s${n}`, createServerView(`s${n}`, 'first'));
  await on.start();
  const client = on.open();
  await client.until('snapshot');
  for (let n = 0; n < 1_000; n++) {
    on.change(`s${n % 20}`, `change ${n}`);
    if (n % 100 === 0) await new Promise(setImmediate);
  }
  const expected = new Map([...on.catalogue.servers.values()].map((server) => [server.path, server.description]));
  await vi.waitFor(() => expect(client.screen()).toEqual(expected), { timeout: 10_000 });
  expect(client.messages.length).toBeLessThan(1_000);
});

test('a reconnecting client gets the changes that it missed and nothing else', async () => {
  on.change('weather', 'a');
  on.change('news', 'a');
  await on.start();
  const client = on.open();
  await client.until('snapshot');
  on.change('weather', 'b');
  await client.until('server.changed');
  client.socket.terminate();
  await vi.waitFor(() => expect(on.live.clients).toBe(0));
  on.change('weather', 'c');
  on.change('weather', 'd');
  on.events.emit('tools.changed', { serverId: 'id-weather', path: 'weather' });
  const again = on.open(undefined, `?since=${client.lastSeq()}`);
  await again.until('tools.changed');
  expect(again.messages.map((message) => message.type)).toEqual(['resumed', 'server.changed', 'tools.changed']);
  expect(again.screen()).toEqual(new Map([['weather', 'd']]));
});

test('a number from before a restart, or nonsense, is answered with a snapshot', async () => {
  on.change('weather', 'a');
  await on.start();
  const client = on.open();
  await client.until('snapshot');
  const { port } = on.http.address() as AddressInfo;
  await on.stop();
  expect(client.closed?.code).toBe(1001);
  await on.start();
  expect((on.http.address() as AddressInfo).port).not.toBe(port);
  for (const since of [String(client.lastSeq()), '0', '-1', 'x', '99999999999999999999']) {
    const again = on.open(undefined, `?since=${since}`);
    await again.until('snapshot');
    expect(again.messages[0]?.type).toBe('snapshot');
  }
});

test('statistics are sent when calls were counted, and not for each of them', async () => {
  await on.start({ statsMs: 50 });
  const client = on.open();
  await client.until('snapshot');
  for (let n = 1; n <= 30; n++) {
    on.catalogue.stats = { ...NO_CALLS, requests: n, calls: n };
    on.events.emit('calls.counted', { lines: 1 });
  }
  await client.until('stats.changed');
  expect(client.of('stats.changed')).toMatchObject([{ stats: { calls: 30 } }]);
});

test('without clients nothing is read, and the next client gets everything', async () => {
  await on.start();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    for (let n = 0; n < 100; n++) on.change(`s${n}`, 'x');
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
  expect(on.catalogue.reads).toBe(0);
  const client = on.open();
  await client.until('snapshot');
  expect(client.screen().size).toBe(100);
});

test('when the state cannot be read, a new client is disconnected and an old one gets the change later', async () => {
  await on.start();
  const client = on.open();
  await client.until('snapshot');
  on.catalogue.broken = true;
  on.change('weather', 'a');
  await vi.waitFor(() => expect(on.warnings).toHaveLength(1));
  const other = on.open();
  await vi.waitFor(() => expect(other.closed?.code).toBe(1011));
  on.catalogue.broken = false;
  await client.until('server.changed');
  expect(client.screen()).toEqual(new Map([['weather', 'a']]));
});

test('a change during the join is sent without waiting for another', async () => {
  await on.start();
  const { servers } = on.catalogue.source;
  // The state is read for the snapshot; before it is sent, a server appears.
  let once = true;
  on.catalogue.source.servers = async (ids) => {
    const read = await servers(ids);
    if (once) {
      once = false;
      on.change('weather', 'late');
    }
    return read;
  };
  const client = on.open();
  await client.until('server.changed');
  expect(client.of('snapshot')[0]?.servers).toEqual([]);
  expect(client.screen()).toEqual(new Map([['weather', 'late']]));
});
