import { expect, test, vi } from 'vitest';
import { prepareLive } from '../../test/support/live/prepare-live.ts';

const on = prepareLive();

test('a session that ends closes its sockets and no other', async () => {
  on.sessions.set('bob', { kind: 'user', name: 'bob', role: 'viewer', expiresAt: null });
  await on.start();
  const [ada, bob] = [on.open(), on.open({ authorization: 'bob' })];
  await Promise.all([ada.until('snapshot'), bob.until('snapshot')]);
  on.sessions.delete('bob');
  on.events.emit('session.ended', { username: 'bob' });
  await vi.waitFor(() => expect(bob.closed).toMatchObject({ code: 4401 }));
  expect(bob.closed?.reason).toContain('log in again');
  on.change('weather', 'a');
  await ada.until('server.changed');
  expect(bob.of('server.changed')).toEqual([]);
});

test('an expired session is detected at the next recheck, and heartbeats are visible to pages', async () => {
  await on.start({ heartbeatMs: 20, recheckMs: 20 });
  const client = on.open();
  await client.until('heartbeat', 2);
  on.sessions.clear();
  await vi.waitFor(() => expect(client.closed?.code).toBe(4401));
});

test('a peer that answers no ping is disconnected', async () => {
  await on.start({ heartbeatMs: 30, recheckMs: 30 });
  const deaf = await on.connectDeaf();
  await vi.waitFor(() => expect(on.live.clients).toBe(1));
  await vi.waitFor(() => expect(on.live.clients).toBe(0));
  deaf.destroy();
});

test('a client that does not read is dropped with a reason, and others continue', async () => {
  await on.start({ maxBufferedBytes: 100_000 });
  const deaf = await on.connectDeaf();
  const client = on.open();
  await client.until('snapshot');
  await vi.waitFor(() => expect(on.live.clients).toBe(2));
  // Beyond what the kernel's buffers hold, which is a few megabytes.
  for (let n = 1; on.live.clients > 1 && n < 400; n++) {
    on.change('big', `${n}`.padEnd(100_000, '.'));
    await client.until('server.changed', n);
  }
  await vi.waitFor(() => expect(on.live.clients).toBe(1), { timeout: 5_000 });
  expect(client.closed).toBeUndefined();
  deaf.destroy();
});
