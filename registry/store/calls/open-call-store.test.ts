import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SAMPLE_CALL } from '../../../test/support/registry/sample-call.ts';
import { matchesCall, type CallFilter, type CallLogLine, type CallView } from '../../contract/index.ts';
import { openCallStore, type CallStore } from './open-call-store.ts';
import type { CallCursor } from './search-calls.ts';

const NOW_S = 1_795_000_000;
let folder: string;
let file: string;
let moved: string[];
let store: CallStore;

const open = () => openCallStore(file, (name) => moved.push(name));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-calls-'));
  file = join(folder, 'calls.db');
  moved = [];
  store = open();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

let nextId = 0;
function createLine(changes: Partial<CallLogLine> = {}): CallLogLine {
  nextId += 1;
  return {
    time: NOW_S,
    id: nextId.toString(16).padStart(32, '0'),
    ...SAMPLE_CALL,
    ...changes,
  };
}
function add(...lines: CallLogLine[]): CallView[] {
  const batch = store.begin();
  for (const line of lines) batch.add(line);
  return batch.commit({ key: 'places', value: 'here' }, lines.length);
}

function searchAll(filter: CallFilter, { limit = 100, budgetMs = 10_000, fromMs = 0 } = {}): CallView[] {
  const found: CallView[] = [];
  let before: CallCursor | null = { timeMs: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
  while (before !== null) {
    const page = store.search({ filter, fromMs, before, limit, budgetMs });
    expect(page.calls.length).toBeLessThanOrEqual(limit);
    found.push(...page.calls);
    before = page.next;
  }
  return found;
}

test('a call is read as it was written, and the file is private', () => {
  const line = createLine({
    trace: 'ab'.repeat(16),
    tools: ['a', 'größe"'],
    status: 403,
    verdict: 'refused',
    reason: 'not_granted',
  });
  add(line);
  const { time, id, ...rest } = line;
  expect(searchAll({})).toEqual([{ ...rest, id: 1, requestId: id, at: new Date(time * 1_000).toISOString() }]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(store.readMeta('places')).toBe('here');
});

test('pages of any filter contain every matching call once, newest first', () => {
  const line = fc.record({
    time: fc.integer({ min: 0, max: 400_000 }).map((ago) => NOW_S - ago),
    agent: fc.constantFrom('one', 'two', null),
    server: fc.constantFrom('weather', 'team/search', null),
    tools: fc.constantFrom<string[]>([], ['echo'], ['echo', 'add']),
    status: fc.constantFrom(200, 401, 404, 503),
    verdict: fc.constantFrom('allowed' as const, 'refused' as const),
    durationMs: fc.constantFrom(0.5, 20, 3_000),
    trace: fc.constantFrom(null, 'cd'.repeat(16)),
  });
  const filter = fc.record(
    {
      agent: fc.constantFrom('one', 'two', 'nobody'),
      server: fc.constantFrom('weather', 'team/search'),
      tool: fc.constantFrom('echo', 'add'),
      status: fc.constantFrom('200', '4xx', '404', 'failed', '5xx', '2xx'),
      verdict: fc.constantFrom('allowed' as const, 'refused' as const),
      minMs: fc.constantFrom(1, 1_000),
      trace: fc.constant('cd'.repeat(16)),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), filter, fc.integer({ min: 1, max: 9 }), (lines, criteria, limit) => {
      store.close();
      rmSync(file);
      store = open();
      add(...lines.map((changes) => createLine(changes)));
      const all = searchAll({}).sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.id - a.id);
      expect(searchAll(criteria, { limit })).toEqual(all.filter((call) => matchesCall(call, criteria)));
      // With a budget for a single time window a page may be empty, and the next one continues.
      expect(searchAll(criteria, { limit, budgetMs: 0 })).toEqual(all.filter((call) => matchesCall(call, criteria)));
    }),
    { numRuns: 60 },
  );
});

test('a search ends at the start of the time span', () => {
  add(createLine({ time: NOW_S - 100 }), createLine({ time: NOW_S - 50 }), createLine());
  expect(searchAll({}, { fromMs: (NOW_S - 50) * 1_000 })).toHaveLength(2);
});

test('calls are deleted by age, and the oldest beyond the size of the file', () => {
  add(...Array.from({ length: 3_000 }, (_, n) => createLine({ time: NOW_S + n })));
  const unbounded = { maxBytes: 1e9, maxRows: 500 };
  expect(store.prune({ ...unbounded, beforeMs: (NOW_S + 10) * 1_000 })).toBe(10);
  expect(store.prune({ ...unbounded, beforeMs: 0 })).toBe(0);
  const bounded = { beforeMs: 0, maxBytes: 300_000, maxRows: 500 };
  while (store.prune(bounded) > 0);
  const remaining = searchAll({});
  expect(remaining.length).toBeGreaterThan(200);
  expect(remaining.length).toBeLessThan(2_000);
  expect(remaining[0]?.at).toBe(new Date((NOW_S + 2_999) * 1_000).toISOString());
});

test('a damaged file is renamed, and an empty one created', () => {
  add(createLine());
  store.close();
  writeFileSync(file, 'this is no database'.repeat(1_000));
  store = open();
  expect(searchAll({})).toEqual([]);
  expect(moved).toHaveLength(1);
  expect(existsSync(moved[0] ?? '')).toBe(true);
  expect(readdirSync(folder).some((name) => name.startsWith('calls.db.damaged-'))).toBe(true);
});

test('a batch that is rolled back stores nothing, and the next one is stored', () => {
  add(createLine());
  const batch = store.begin();
  batch.add(createLine());
  batch.rollback();
  batch.rollback();
  expect(searchAll({})).toHaveLength(1);
  add(createLine());
  expect(searchAll({})).toHaveLength(2);
});
