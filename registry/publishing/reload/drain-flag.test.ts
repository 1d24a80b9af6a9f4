import { describe, expect, it } from 'vitest';
import { createDrainFlag } from './drain-flag.ts';

function create(drainMs: number, setDrain?: (on: boolean) => Promise<void>, graceMs = 0) {
  const written: boolean[] = [];
  const errors: string[] = [];
  const flag = createDrainFlag({
    drainMs: () => drainMs,
    graceMs,
    setDrain: setDrain ?? ((on) => Promise.resolve(void written.push(on))),
    onError: (message) => errors.push(message),
  });
  return { flag, written, errors };
}

describe('createDrainFlag', () => {
  it('is up for its time, and raised once', async () => {
    const { flag, written } = create(30);
    const begun = performance.now();
    await flag.raise();
    await flag.raise();
    await flag.ripen();
    expect(performance.now() - begun).toBeGreaterThanOrEqual(30);
    await flag.lower();
    await flag.lower();
    expect(written).toEqual([true, false]);
  });

  it('counts the time that NGINX itself lets pass before it closes connections', async () => {
    const { flag } = create(10_000, undefined, 9_980);
    const begun = performance.now();
    await flag.raise();
    await flag.ripen();
    const tookMs = performance.now() - begun;
    expect(tookMs).toBeGreaterThanOrEqual(20);
    expect(tookMs).toBeLessThan(9_000);
  });

  it('is not needed by newer NGINX, but one that a crash left up goes down', async () => {
    const { flag, written } = create(0);
    await flag.raise();
    await flag.ripen();
    await flag.lower();
    expect(written).toEqual([false]);
  });

  it('never stops a publish, and is taken down later when it could not be', async () => {
    let full = true;
    const written: boolean[] = [];
    const { flag, errors } = create(1, (on) => {
      if (full) return Promise.reject(new Error('ENOSPC'));
      written.push(on);
      return Promise.resolve();
    });
    await flag.raise();
    await flag.ripen();
    await flag.lower();
    expect(errors).toHaveLength(2);
    full = false;
    await flag.lower();
    expect(written).toEqual([false]);
  });
});
