import { expect, test } from 'vitest';
import { NOTHING_FOUND } from '../probe/probe-options.ts';
import { explainHeld, guardMoves, type Moves } from './guard-moves.ts';

const MINUTE_MS = 60_000;
const A = { mcp: 'http://h/a', sse: null };
const B = { mcp: 'http://h/b', sse: null };
const see = (before: Moves | null, changes: Partial<Parameters<typeof guardMoves>[1]> = {}) =>
  guardMoves(before, { stored: A, found: B, revision: 1, nowMs: 0, ...changes });

test('unchanged endpoints, or none found, are no move', () => {
  expect(see(null, { found: A })).toEqual({ endpoints: A, moves: null, heldUntilMs: null });
  expect(see(null, { found: null })).toEqual({ endpoints: A, moves: null, heldUntilMs: null });
});

test('the first move is published, the next waits, twice as long each time', () => {
  const first = see(null);
  expect(first).toMatchObject({ endpoints: B, heldUntilMs: null });
  const back = { stored: B, found: A };
  expect(see(first.moves, { ...back, nowMs: 10 * MINUTE_MS - 1 })).toEqual({
    endpoints: B,
    moves: first.moves,
    heldUntilMs: 10 * MINUTE_MS,
  });
  const second = see(first.moves, { ...back, nowMs: 10 * MINUTE_MS });
  expect(second).toMatchObject({ endpoints: A, heldUntilMs: null });
  expect(see(second.moves, { nowMs: 29 * MINUTE_MS }).heldUntilMs).toBe(30 * MINUTE_MS);
});

test('the wait is at most a day', () => {
  const moves = { revision: 1, count: 40, freeAtMs: 0 };
  expect(see(moves).moves?.freeAtMs).toBe(24 * 60 * MINUTE_MS);
});

test('a change by a person resets the backoff', () => {
  const first = see(null);
  expect(see(first.moves, { stored: B, found: A, revision: 2 })).toMatchObject({ endpoints: A, moves: { count: 1 } });
});

test('the problem contains both addresses and the other problem', () => {
  const result = { ...NOTHING_FOUND, health: 'healthy' as const, endpoints: B };
  const held = explainHeld(result, A, 0);
  expect(held).toMatchObject({ health: 'degraded', endpoints: B });
  expect(held.problem).toContain('found at http://h/b, and calls still go to http://h/a, until 1970-01-01 00:00 UTC');
  expect(explainHeld({ ...result, health: 'auth_required', problem: 'No.' }, A, 0)).toMatchObject({
    health: 'auth_required',
    problem: expect.stringMatching(/\. No\.$/) as string,
  });
});
