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
  it('is up for the configured time, and raised once', async () => {
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

  it('counts the time that NGINX itself waits before it closes connections', async () => {
    const { flag, nowMs } = create(250, undefined, 100);
    await flag.raise();
    await flag.waitUntilEffective();
    expect(nowMs()).toBeGreaterThanOrEqual(150);
    expect(nowMs()).toBeLessThan(151);
  });

  it('counts half of the duration of the configuration test, since NGINX reads the configuration again', async () => {
    const { flag, nowMs } = create(250, undefined, 100);
    flag.noteTest(80);
    await flag.raise();
    await flag.waitUntilEffective();
    expect(nowMs()).toBeGreaterThanOrEqual(110);
    expect(nowMs()).toBeLessThan(111);
  });

  it('is not needed by newer NGINX, but one that a crash left up is lowered', async () => {
    const { flag, written, nowMs } = create(0);
    await flag.raise();
    await flag.waitUntilEffective();
    expect(nowMs()).toBe(0);
    await flag.lower();
    expect(written).toEqual([false]);
  });

  it('never prevents a publish, and is lowered later when that failed', async () => {
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

describe('a flag that is raised early', () => {
  /** A flag with a clock that only `pass` advances. */
  function createEarly(setDrain?: (on: boolean) => Promise<void>) {
    const written: boolean[] = [];
    const sleepers: { atMs: number; wake: () => void }[] = [];
    let nowMs = 0;
    const flag = createDrainFlag({
      drainMs: () => 250,
      graceMs: 100,
      setDrain: setDrain ?? ((on) => Promise.resolve(void written.push(on))),
      onError: () => undefined,
      clock: {
        nowMs: () => nowMs,
        sleep: (ms, signal) =>
          new Promise((resolve, reject) => {
            sleepers.push({ atMs: nowMs + ms, wake: () => resolve(undefined) });
            signal?.addEventListener('abort', () => reject(new Error('aborted')));
          }),
      },
    });
    const pass = async (ms: number) => {
      nowMs += ms;
      for (const { atMs, wake } of sleepers) if (atMs <= nowMs) wake();
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { flag, written, pass };
  }

  it('is lowered when no reload follows within a second', async () => {
    const { flag, written, pass } = createEarly();
    await flag.raiseEarly();
    await flag.raiseEarly();
    await pass(999);
    expect(written).toEqual([true]);
    await pass(1);
    expect(written).toEqual([true, false]);
  });

  it('counts from that time for the reload that follows, and remains up for it', async () => {
    const { flag, written, pass } = createEarly();
    await flag.raiseEarly();
    await pass(150);
    await flag.raise();
    await flag.waitUntilEffective();
    await pass(2_000);
    expect(written).toEqual([true]);
    await flag.lower();
    expect(written).toEqual([true, false]);
  });

  it('that was lowered while it was being written is raised again by the next reload', async () => {
    const written: boolean[] = [];
    const first = Promise.withResolvers<undefined>();
    const { flag } = createEarly(async (on) => {
      if (written.length === 0) await first.promise;
      written.push(on);
    });
    const raised = flag.raiseEarly();
    const lowered = flag.lower();
    first.resolve(undefined);
    await Promise.all([raised, lowered]);
    await flag.raise();
    expect(written).toEqual([true, false, true]);
  });
});
