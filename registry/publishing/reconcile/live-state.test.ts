import { describe, expect, it } from 'vitest';
import { createLiveState, type AppliedServer } from './live-state.ts';

const server: AppliedServer = { id: 'a', enabled: true, removedAt: null, revision: 5, instances: [{ enabled: true }] };
const live = (revision: number, aside: string[] = []) => ({
  number: 3,
  revision,
  fingerprint: '',
  setAside: aside.map((serverId) => ({ serverId, path: serverId, message: 'NGINX: no' })),
});

describe('applied', () => {
  it.each([
    ['pending', null, {}, null],
    ['pending', live(4), {}, null],
    ['live', live(5), {}, null],
    ['live', live(9), {}, null],
    ['set_aside', live(5, ['a']), {}, 'NGINX: no'],
    ['off', live(5), { enabled: false }, null],
    ['pending', live(4), { enabled: false }, null],
    ['off', live(4), { removedAt: '2026-11-21T00:00:00Z' }, null],
    ['off', live(5), { instances: [{ enabled: false }] }, 'every instance is disabled; enable one'],
  ] as const)('is %s', (applied, now, more, message) => {
    const state = createLiveState();
    state.live = now;
    expect(state.applied({ ...server, ...more })).toEqual({ applied, message });
  });

  it('says why a change is not live', () => {
    const state = createLiveState();
    state.live = live(4);
    state.failure = { revision: 5, number: null, message: 'the disk is full' };
    expect(state.applied(server).message).toBe('the disk is full');
    state.failure = null;
    state.pinned = 2;
    expect(state.applied(server).message).toContain('rolled back to generation 2');
  });
});

describe('whenLive', () => {
  it('answers when the revision is live, each waiter its own', async () => {
    const state = createLiveState();
    const [early, late] = [state.whenLive(4), state.whenLive(6, 'a')];
    state.live = live(5);
    state.settle();
    expect(await early).toEqual({ applied: true, generation: 3, error: null });
    state.live = live(6, ['a']);
    state.settle();
    expect(await late).toEqual({ applied: false, generation: 3, error: 'NGINX: no' });
    expect(await state.whenLive(6, 'b')).toMatchObject({ applied: true });
  });

  it('answers when it failed, but not whose change came later', async () => {
    const state = createLiveState();
    const [failed, later] = [state.whenLive(4), state.whenLive(5)];
    state.failure = { revision: 4, number: 2, message: 'bind() failed' };
    state.settle();
    expect(await failed).toEqual({ applied: false, generation: null, error: 'bind() failed' });
    state.giveUp('stopping');
    expect(await later).toMatchObject({ applied: false, error: 'stopping' });
  });

  it('answers what a rollback holds back, and waits again once a change ends the rollback', async () => {
    const state = createLiveState();
    state.live = live(4);
    state.pinned = 3;
    const held = 'held back: rolled back to generation 3, until the next change';
    expect(await state.whenLive(5)).toEqual({ applied: false, generation: null, error: held });
    expect(await state.whenLive(4)).toMatchObject({ applied: true });

    state.unpin = true;
    const [ended, overtaken] = [state.whenLive(6), state.whenLive(7)];
    state.settle();
    expect(state.applied({ ...server, revision: 6 })).toEqual({ applied: 'pending', message: null });
    state.live = live(6);
    state.settle();
    expect(await ended).toMatchObject({ applied: true });
    // Somebody rolls back before the publish of that change has begun.
    state.unpin = false;
    state.settle();
    expect(await overtaken).toMatchObject({ applied: false, error: held });
  });
});
