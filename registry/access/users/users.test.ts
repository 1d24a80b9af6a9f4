import { afterEach, beforeEach, expect, test } from 'vitest';
import { Events } from '../../lib/events.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { createSealer } from '../../store/seal.ts';
import { createPasswords } from './password.ts';
import { createUsers } from './users.ts';

const actor = { kind: 'user', name: 'root', address: '192.0.2.1' } as const;
let store: Store;
let users: ReturnType<typeof createUsers>;
beforeEach(async () => {
  store = await openStore({ file: ':memory:', sealer: createSealer('a secret of the test') });
  users = createUsers({ store, events: new Events(), passwords: createPasswords(4) });
  await users.create(actor, { username: 'root', password: 'a long password', role: 'admin' });
});
afterEach(() => store.close());

test('a login with a wrong password, of an unknown user or of a disabled user is refused', async () => {
  expect(await users.verifyLogin('root', 'a long password')).toMatchObject({ username: 'root', role: 'admin' });
  expect(await users.verifyLogin('root', 'A long password')).toBeNull();
  expect(await users.verifyLogin('nobody', 'a long password')).toBeNull();
  await users.create(actor, { username: 'ada', password: 'another password', role: 'viewer' });
  await users.change(actor, 'ada', { enabled: false });
  expect(await users.verifyLogin('ada', 'another password')).toBeNull();
});

test('no view and no audit row contains a hash', async () => {
  expect(
    JSON.stringify([await users.list(), await users.get('root'), await store.audit.list({ limit: 10 })]),
  ).not.toMatch(/\$2[aby]\$|passwordHash/);
});

test('one of two admins can be demoted or disabled, but not both at once, and the last one cannot be removed', async () => {
  await users.create(actor, { username: 'ada', password: 'another password', role: 'admin' });
  const both = await Promise.allSettled([
    users.change(actor, 'root', { role: 'viewer' }),
    users.change(actor, 'ada', { enabled: false }),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await store.users.countAdmins()).toBe(1);
  const last = (await users.list()).find(({ role, enabled }) => role === 'admin' && enabled)!;
  await expect(users.remove(actor, last.username)).rejects.toMatchObject({ code: 'conflict' });
});

test('a change that is based on another revision is refused', async () => {
  const { revision } = await users.get('root');
  await users.create(actor, { username: 'ada', password: 'another password', role: 'admin' });
  await expect(users.change(actor, 'root', { role: 'viewer' }, revision + 1)).rejects.toMatchObject({ code: 'stale' });
  await users.change(actor, 'root', { role: 'operator' }, revision);
  expect(await users.get('root')).toMatchObject({ role: 'operator' });
});

test('the audit row of a change contains the actor with its address, before and after', async () => {
  await users.create(actor, { username: 'ada', password: 'another password', role: 'viewer' });
  await users.change(actor, 'ada', { role: 'operator' });
  expect((await store.audit.list({ limit: 1 }))[0]).toMatchObject({
    actor,
    action: 'user.changed',
    target: 'user:ada',
    before: { role: 'viewer', enabled: true },
    after: { role: 'operator', enabled: true },
  });
});
