import session, { type SessionData } from 'express-session';
import { expect, test } from 'vitest';
import { hashSid, SessionStore } from './session-store.ts';

const HOUR_MS = 3_600_000;

function createStore() {
  const rows = new Map<string, { data: string; expiresAt: string }>();
  const touched: string[] = [];
  const store = new SessionStore({
    get: (sidHash: string) => Promise.resolve(rows.get(sidHash)),
    put: ({ sidHash, data, expiresAt }: { sidHash: string; data: string; expiresAt: string }) => {
      rows.set(sidHash, { data, expiresAt });
      return Promise.resolve();
    },
    touch: (sidHash: string, expiresAt: string) => {
      touched.push(sidHash);
      const row = rows.get(sidHash);
      if (row !== undefined) row.expiresAt = expiresAt;
      return Promise.resolve();
    },
    remove: (sidHash: string) => {
      rows.delete(sidHash);
      return Promise.resolve();
    },
  } as never);
  return { rows, touched, store };
}
// @types/express-session leaves the constructor's options out.
const Cookie = session.Cookie as unknown as new (options: { maxAge: number }) => SessionData['cookie'];
const lasting = (maxAge: number): SessionData => ({ username: 'ada', cookie: new Cookie({ maxAge }) });
const set = (store: SessionStore, data: SessionData) => new Promise((resolve) => store.set('sid', data, resolve));
const get = (store: SessionStore) =>
  new Promise<SessionData | null | undefined>((resolve) => store.get('sid', (_, data) => resolve(data)));
const touch = (store: SessionStore, data: SessionData) => new Promise((resolve) => store.touch('sid', data, resolve));

test('a session is stored by the hash of its id', async () => {
  const { rows, store } = createStore();
  await set(store, lasting(HOUR_MS));
  expect([...rows.keys()]).toEqual([hashSid('sid')]);
  expect(JSON.stringify([...rows])).not.toContain('"sid"');
  expect(await get(store)).toMatchObject({ username: 'ada', storedUntil: rows.get(hashSid('sid'))?.expiresAt });
});

test('its end is written when it moved by five minutes, not before', async () => {
  const { rows, touched, store } = createStore();
  await set(store, lasting(HOUR_MS));
  const { storedUntil } = (await get(store))!;
  await touch(store, { ...lasting(HOUR_MS + 4 * 60_000), storedUntil: storedUntil! });
  expect(touched).toEqual([]);
  await touch(store, { ...lasting(HOUR_MS + 6 * 60_000), storedUntil: storedUntil! });
  expect(touched).toEqual([hashSid('sid')]);
  expect(Date.parse(rows.get(hashSid('sid'))!.expiresAt)).toBeGreaterThan(Date.parse(storedUntil!));
});

test('touching a session that was ended does not restore it', async () => {
  const { rows, store } = createStore();
  await touch(store, lasting(HOUR_MS));
  expect(rows.size).toBe(0);
});
