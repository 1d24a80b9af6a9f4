import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../open-store.ts';
import { createSealer } from '../seal.ts';
import { verifyAudit } from './verify-audit.ts';

const SECRET = 'a secret key of the tests, 32 characters and more';
const actor = { kind: 'user' as const, name: 'ada', address: null };
let folder: string;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-audit-'));
  file = join(folder, 'mcpgw.db');
  const store = await openStore({ file, sealer: createSealer(SECRET) });
  for (const target of ['a', 'b', 'c'])
    await store.change(actor, 'server.changed', () => Promise.resolve({ value: null, target }));
  await store.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

function edit(statement: string): void {
  const db = new Database(file);
  db.exec(statement);
  db.close();
}

test('an intact audit is verified without changing the file', () => {
  expect(verifyAudit(file, SECRET)).toEqual({ verified: 3, unchained: 0, flaw: null });
});

test.each([
  ["update audit set actor_name = 'bob' where id = 2", 2, 'row 2 was changed'],
  ['delete from audit where id = 2', 3, 'between 1 and 3'],
  ['delete from audit where id = 1', 2, 'before it were deleted'],
  ['delete from audit where id = 3', null, 'rows after 2 were deleted'],
])('%s is detected', (statement, id, detail) => {
  edit(statement);
  const { flaw } = verifyAudit(file, SECRET);
  expect(flaw).toMatchObject({ id, detail: expect.stringContaining(detail) as string });
});

test('with a different key verification fails at the first row', () => {
  expect(verifyAudit(file, `${SECRET}!`).flaw).toMatchObject({ id: 1 });
});
