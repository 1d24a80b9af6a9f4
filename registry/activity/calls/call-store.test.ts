import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallView } from '../../contract/index.ts';
import { createCalls, type Calls } from './call-store.ts';

let folder: string;
let log: string;
let calls: Calls;
let warnings: string[];

const open = () =>
  createCalls(
    { file: join(folder, 'calls.db'), logDir: folder, pollMs: 20, maxAgeMs: 1e12, maxBytes: 1e9 },
    { warn: (_, message) => warnings.push(message) },
  );
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-call-store-'));
  log = join(folder, 'calls.log');
  warnings = [];
  calls = open();
});
afterEach(async () => {
  await calls.close();
  rmSync(folder, { recursive: true });
});

let nextId = 0;
const lines = (count: number, agent = 'claude') =>
  Array.from({ length: count }, () => {
    nextId += 1;
    return `{"time":${Date.now() / 1_000},"id":"${nextId.toString(16).padStart(32, '0')}","trace":null,"http":"POST","agent":"${agent}","server":"weather","instance":"i1","era":"modern","methods":["tools/call"],"tools":["forecast"],"status":200,"bytesIn":1,"bytesOut":2,"durationMs":1.5,"upstreamMs":null,"verdict":"allowed","reason":null,"address":"::1"}\n`;
  }).join('');

async function findAll(): Promise<CallView[]> {
  await calls.readAll();
  const before = { timeMs: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
  return (await calls.search({ filter: {}, fromMs: 0, before, limit: 10_000, budgetMs: 10_000 })).calls;
}
const countDistinct = async () => {
  const found = await findAll();
  expect(new Set(found.map(({ requestId }) => requestId)).size).toBe(found.length);
  return found.length;
};

test('every line is stored once, across rotation, an unparsable line and restarts', async () => {
  writeFileSync(log, lines(50));
  calls.start();
  expect(await countDistinct()).toBe(50);
  appendFileSync(log, `nonsense\n${lines(20)}`);
  renameSync(log, `${log}.1`);
  writeFileSync(log, lines(10));
  appendFileSync(`${log}.1`, lines(5));
  expect(await countDistinct()).toBe(85);
  await calls.close();
  appendFileSync(log, lines(15));
  calls = open();
  calls.start();
  expect(await countDistinct()).toBe(100);
});

test('a follower receives new calls as they are stored, until it stops', async () => {
  calls.start();
  const seen: CallView[] = [];
  const stop = calls.follow((_, stored) => seen.push(...stored));
  writeFileSync(log, lines(3, 'cursor'));
  await vi.waitFor(() => expect(seen).toHaveLength(3), { timeout: 20_000 });
  expect(seen[0]).toMatchObject({ agent: 'cursor', server: 'weather' });
  stop();
  appendFileSync(log, lines(2));
  expect(await countDistinct()).toBe(5);
  expect(seen).toHaveLength(3);
});

test('a search without a worker is rejected with the reason', async () => {
  await expect(findAll()).rejects.toThrow('the call store is not running');
});
