import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Actor } from '../../contract/index.ts';
import { Events } from '../../lib/events.ts';
import { createSealer, openStore, type Store } from '../../store/index.ts';
import { createKills } from './kills.ts';

const ADA: Actor = { kind: 'user', name: 'ada', address: null };
let folder: string;
let store: Store;
let writing: PromiseWithResolvers<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-kills-'));
  store = await openStore({ file: join(folder, 'mcpgw.db'), sealer: createSealer('x') });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

test('a kill switch is not listed before the gate refuses, and is listed until it no longer does', async () => {
  const kills = createKills({
    store,
    events: new Events(),
    files: {
      writeGate: () => writing.promise,
      writeAgent: () => writing.promise,
      writeServer: () => writing.promise,
      isOverdue: () => false,
    },
  });
  const listNow = async () => {
    let isListed = false;
    const listed = kills.list().finally(() => (isListed = true));
    // A list that waits for the database alone would be complete after this.
    for (let turn = 0; turn < 20; turn += 1) await store.kills.all();
    expect(isListed).toBe(false);
    writing.resolve();
    return listed;
  };
  writing = Promise.withResolvers();
  const set = kills.kill(ADA, { scope: 'all', reason: 'a test' });
  expect(await listNow()).toMatchObject([{ scope: 'all', enforced: true }]);
  const { id } = await set;
  writing = Promise.withResolvers();
  const lifted = kills.lift(ADA, id);
  expect(await listNow()).toEqual([]);
  await lifted;
});

test('a change whose file cannot be written does not block the list', async () => {
  const fail = () => Promise.reject(new Error('the disk is full'));
  const files = { writeGate: fail, writeAgent: fail, writeServer: fail, isOverdue: () => true };
  const kills = createKills({ store, events: new Events(), files });
  await expect(kills.kill(ADA, { scope: 'all', reason: 'a test' })).rejects.toThrow('full');
  expect(await kills.list()).toMatchObject([{ scope: 'all', enforced: false }]);
});
