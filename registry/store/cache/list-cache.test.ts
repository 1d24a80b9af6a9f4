import { AsyncResource } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serverToWrite } from '../../../test/support/registry/server-to-write.ts';
import { openStore, type Store } from '../open-store.ts';
import { createSealer } from '../seal.ts';

const actor = { kind: 'system', name: 'test', address: null } as const;
let folder: string;
let file: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-store-'));
  file = join(folder, 'mcpgw.db');
  store = await openStore({ file, sealer: createSealer('a secret of the test') });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const server = (id: string, description: string) => serverToWrite(id, { description });
const descriptions = async () => (await store.servers.all()).map(({ description }) => description);

test('a list is read once as long as none of its tables is written', async () => {
  await store.servers.put(server('a', 'one'));
  const first = await store.servers.all();
  await store.meta.put('something', 'else');
  await store.observations.put({
    serverId: 'a',
    health: 'healthy',
    healthSince: null,
    era: null,
    protocolVersion: null,
    serverInfo: null,
    capabilities: [],
    snapshotHash: null,
    toolCount: 1,
    checkedAt: '',
    latencyMs: null,
    problem: null,
    remedy: null,
  });
  expect(await store.servers.all()).toBe(first);
  expect(await store.observations.all()).toMatchObject([{ serverId: 'a', toolCount: 1 }]);
  await store.observations.remove('a');
  expect(await store.observations.all()).toEqual([]);
});

test('a write to any of its tables is visible in the next list', async () => {
  await store.servers.put(server('a', 'one'));
  expect(await descriptions()).toEqual(['one']);
  await store.servers.put(server('a', 'two'));
  expect(await descriptions()).toEqual(['two']);
  await store.servers.putInstanceState('a', 'i1', { up: false, endpoints: null });
  expect((await store.servers.all())[0]?.instances[0]?.up).toBe(false);
});

test('writes of a rolled-back change are in no list, regardless of when it was requested', async () => {
  await store.servers.put(server('a', 'one'));
  const requested: Promise<string[]>[] = [];
  // Runs outside the transaction, like another request.
  const requestList = AsyncResource.bind(() => requested.push(descriptions()));
  await store
    .change(actor, 'test', async (tx) => {
      requestList();
      await tx.servers.put(server('a', 'two'));
      requestList();
      await tx.servers.put(server('b', 'three'));
      throw new Error('no');
    })
    .catch(() => undefined);
  expect(await Promise.all(requested)).toEqual([['one'], ['one']]);
  expect(await descriptions()).toEqual(['one']);
});

test('after concurrent reads and changes the list has the last change', async () => {
  for (let round = 0; round < 50; round += 1) {
    const reads = [descriptions()];
    const write = store.change(actor, 'test', async (tx) => {
      await tx.servers.put(server('a', `round ${round}`));
      return { value: null, target: 'a' };
    });
    reads.push(descriptions());
    await write;
    expect(await descriptions()).toEqual([`round ${round}`]);
    await Promise.all(reads);
    expect(await descriptions()).toEqual([`round ${round}`]);
  }
});

test('a write of another program to the file is visible in the next list', async () => {
  await store.servers.put(server('a', 'one'));
  expect(await descriptions()).toEqual(['one']);
  const other = new Database(file);
  other.prepare("update servers set description = 'by hand'").run();
  other.close();
  expect(await descriptions()).toEqual(['by hand']);
});

test('listing with a closed store rejects the promise instead of throwing', async () => {
  await store.servers.all();
  await store.close();
  const requested = store.servers.all();
  await expect(requested).rejects.toThrow();
  store = await openStore({ file, sealer: createSealer('a secret of the test') });
});
