import { describe, expect, it } from 'vitest';
import { createDrainFlag } from './drain-flag.ts';

function create(drainMs: number, setDrain?: (on: boolean) => Promise<void>, graceMs = 0) {
  const written: boolean[] = [];
  const errors: string[] = [];
  let nowMs = 0;
  const flag = createDrainFlag({
    drainMs: () => drainMs,
    graceMs,
    setDrain: setDrain ?? ((on) => Promise.resolve(void written.push(on))),
    onError: (message) => errors.push(message),
    clock: {
      nowMs: () => nowMs,
      // A timer may fire a little early.
      sleep: (ms) => Promise.resolve((nowMs += ms - 0.5)),
    },
  });
  return { flag, written, errors, nowMs: () => nowMs };
}

describe('createDrainFlag', () => {
  it('is up for its time, and raised once', async () => {
    const { flag, written, nowMs } = create(250);
    await flag.raise();
    await flag.raise();
    await flag.waitUntilEffective();
    expect(nowMs()).toBeGreaterThanOrEqual(250);
    expect(nowMs()).toBeLessThan(251);
    await flag.lower();
    await flag.lower();
    expect(written).toEqual([true, false]);
  });

  it('counts the time that NGINX itself lets pass before it closes connections', async () => {
    const { flag, nowMs } = create(250, undefined, 100);
    await flag.raise();
    await flag.waitUntilEffective();
    expect(nowMs()).toBeGreaterThanOrEqual(150);
    expect(nowMs()).toBeLessThan(151);
  });

  it('is not needed by newer NGINX, but one that a crash left up is lowered', async () => {
    const { flag, written, nowMs } = create(0);
    await flag.raise();
    await flag.waitUntilEffective();
    expect(nowMs()).toBe(0);
    await flag.lower();
    expect(written).toEqual([false]);
  });

  it('never stops a publish, and is lowered later when it could not be', async () => {
    let full = true;
    const written: boolean[] = [];
    const { flag, errors } = create(1, (on) => {
      if (full) return Promise.reject(new Error('ENOSPC'));
      written.push(on);
      return Promise.resolve();
    });
    await flag.raise();
    await flag.waitUntilEffective();
    await flag.lower();
    expect(errors).toHaveLength(2);
    full = false;
    await flag.lower();
    expect(written).toEqual([false]);
  });
});
