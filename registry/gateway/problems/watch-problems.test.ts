import { expect, test } from 'vitest';
import { silentLog } from '../../../test/support/registry/silent-log.ts';
import type { FoundProblem } from './list-problems.ts';
import { createProblemWatch } from './watch-problems.ts';

const problem = (kind: FoundProblem['kind'], cause = 'it is so'): FoundProblem => ({
  ...{ kind, subject: 'x', cause, remedy: 'Change it.' },
});

function setUp() {
  const state = { found: [] as FoundProblem[], nowMs: 1_000, changes: 0 };
  const watch = createProblemWatch({
    findProblems: () => Promise.resolve(state.found),
    onChange: () => (state.changes += 1),
    log: silentLog,
    everyMs: -1,
    graceMs: 2_500,
    now: () => state.nowMs,
  });
  return { state, watch };
}

test('a problem exists since it was first found, and its end is reported', async () => {
  const { state, watch } = setUp();
  expect(await watch.list()).toEqual([]);
  expect(state.changes).toBe(0);
  state.found = [problem('disk')];
  const since = new Date(1_000).toISOString();
  expect(await watch.list()).toEqual([{ ...problem('disk'), since }]);
  state.nowMs = 9_000;
  state.found = [problem('disk', 'it is worse')];
  expect(await watch.list()).toEqual([{ ...problem('disk', 'it is worse'), since }]);
  expect(state.changes).toBe(2);
  state.found = [];
  expect(await watch.list()).toEqual([]);
  expect(state.changes).toBe(3);
});

test('a process that is briefly unreachable, as when it is replaced, is not a problem yet', async () => {
  const { state, watch } = setUp();
  state.found = [problem('process_down')];
  expect(await watch.list()).toEqual([]);
  state.nowMs += 2_400;
  expect(await watch.list()).toEqual([]);
  state.nowMs += 200;
  expect(await watch.list()).toHaveLength(1);
  state.found = [];
  await watch.list();
  state.found = [problem('process_down')];
  expect(await watch.list()).toEqual([]);
});
