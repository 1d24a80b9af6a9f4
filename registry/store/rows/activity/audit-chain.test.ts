import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from '../../open-store.ts';
import { createSealer } from '../../seal.ts';

let folder: string;
let store: Store;
const open = () => openStore({ file: join(folder, 'mcpgw.db'), sealer: createSealer('secret') });
const actor = { kind: 'user', name: 'admin', address: '::1', requestId: 'request-1' } as const;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-audit-'));
  store = await open();
  for (let n = 1; n <= 5; n += 1)
    await store.change(actor, 'settings.changed', () =>
      Promise.resolve({ value: null, target: `setting-${n}`, before: { n: n - 1 }, after: { n } }),
    );
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Changes the file like an attacker who has the database but not the key. */
function tamper(sql: string): void {
  const db = new Database(join(folder, 'mcpgw.db'));
  db.exec(sql);
  db.close();
}

test('an unmodified audit is intact, also after a restart', async () => {
  expect(await store.audit.verify()).toEqual({ verified: 5, unchained: 0, flaw: null });
  expect((await store.audit.list({ limit: 1 }))[0]).toMatchObject({ target: 'setting-5', requestId: 'request-1' });
  await store.close();
  store = await open();
  await store.change(actor, 'settings.changed', () => Promise.resolve({ value: null, target: 'later' }));
  expect(await store.audit.verify()).toEqual({ verified: 6, unchained: 0, flaw: null });
});

test.each([
  ['a changed text', `update audit set after_json = '{"n":9}' where id = 3`, 3, 'row 3 was changed'],
  ['a changed actor', `update audit set actor_name = 'somebody' where id = 2`, 2, 'row 2 was changed'],
  ['a changed first row', `update audit set target = 'other' where id = 1`, 1, 'row 1 was changed'],
  ['a row that is missing', 'delete from audit where id = 3', 4, 'rows between 2 and 4 were deleted'],
  ['a first row that is missing', 'delete from audit where id = 1', 2, 'rows before it were deleted'],
  ['a last row that is missing', 'delete from audit where id = 5', null, 'rows after 4 were deleted'],
  ['all rows missing', 'delete from audit', null, 'rows after the start were deleted'],
  ['a MAC that was removed', `update audit set mac = '' where id = 4`, 4, 'row 4 was changed'],
  [
    'two swapped rows',
    'update audit set id = -id where id in (2, 3); update audit set id = 5 + id where id < 0',
    2,
    'row 2 was changed',
  ],
])('%s is found and reported', async (_, sql, id, detail) => {
  tamper(sql);
  const { flaw } = await store.audit.verify();
  expect(flaw?.id).toBe(id);
  expect(flaw?.detail).toContain(detail);
});

test('rows from before the chain are counted separately', async () => {
  tamper(`update audit set mac = ''; delete from meta where key = 'audit.last_mac'`);
  expect(await store.audit.verify()).toEqual({ verified: 0, unchained: 5, flaw: null });
  await store.change(actor, 'settings.changed', () => Promise.resolve({ value: null, target: 'first with a MAC' }));
  expect(await store.audit.verify()).toEqual({ verified: 1, unchained: 5, flaw: null });
});
