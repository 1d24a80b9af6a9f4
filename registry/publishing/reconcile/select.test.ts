import { describe, expect, it } from 'vitest';
import { createLive } from './reduce-driver.ts';
import { describeApplied, findOutcome, type AppliedServer } from './select.ts';
import { createInitialState, type PublishState } from './state.ts';

const server: AppliedServer = { id: 'a', enabled: true, removedAt: null, revision: 5, instances: [{ enabled: true }] };
const stateWith = (more: Partial<PublishState>) => ({ ...createInitialState(0), ...more });

describe('describeApplied', () => {
  it.each([
    ['pending', null, {}, null],
    ['pending', createLive(3, 4), {}, null],
    ['live', createLive(3, 5), {}, null],
    ['live', createLive(3, 9), {}, null],
    ['rejected', createLive(3, 5, ['a']), {}, 'NGINX: no'],
    ['off', createLive(3, 5), { enabled: false }, null],
    ['pending', createLive(3, 4), { enabled: false }, null],
    ['off', createLive(3, 4), { removedAt: '2026-11-21T00:00:00Z' }, null],
    ['off', createLive(3, 5), { instances: [{ enabled: false }] }, 'Every instance is disabled; enable one'],
  ] as const)('is %s', (configuration, live, more, message) => {
    expect(describeApplied(stateWith({ live }), { ...server, ...more })).toEqual({
      ...{ configuration, message },
      since: null,
    });
  });

  it('returns since when it is rejected', () => {
    const since = '2026-11-21T00:00:00.000Z';
    const live = { ...createLive(3, 5), rejected: [{ serverId: 'a', path: 'a', message: 'no', since }] };
    expect(describeApplied(stateWith({ live }), server).since).toBe(since);
  });

  it('returns why a change is not live', () => {
    const live = createLive(3, 4);
    const failure = { revision: 5, number: null, message: 'The disk is full' };
    expect(describeApplied(stateWith({ live, failure }), server).message).toBe('The disk is full');
    expect(describeApplied(stateWith({ live, rollbackTarget: 2 }), server).message).toContain(
      'rolled back to generation 2',
    );
  });
});

describe('findOutcome', () => {
  const live = createLive(3, 5, ['a']);
  const waiter = (revision: number, serverId?: string) => ({ revision, serverId });

  it('depends on revision and server of the waiter', () => {
    const state = stateWith({ live });
    expect(findOutcome(state, waiter(4))).toEqual({ applied: true, generation: 3, error: null });
    expect(findOutcome(state, waiter(5, 'a'))).toEqual({ applied: false, generation: 3, error: 'NGINX: no' });
    expect(findOutcome(state, waiter(5, 'b'))).toMatchObject({ applied: true });
    expect(findOutcome(state, waiter(6))).toBeNull();
  });

  it('is a failure for requests before it', () => {
    const state = stateWith({ live, failure: { revision: 6, number: 4, message: 'bind() failed' } });
    expect(findOutcome(state, waiter(6))).toEqual({ applied: false, generation: null, error: 'bind() failed' });
    expect(findOutcome(state, waiter(7))).toBeNull();
  });
});
