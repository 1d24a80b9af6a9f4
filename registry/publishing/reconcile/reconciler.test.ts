import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createReconciler } from './reconciler.ts';

function create(work: () => Promise<void> = () => Promise.resolve(), isMoreComing = () => true, quietMs = 5) {
  const runs: string[][] = [];
  const errors: unknown[] = [];
  let active = 0;
  const reconciler = createReconciler({
    async run(causes) {
      expect(++active).toBe(1);
      runs.push([...causes]);
      try {
        await work();
      } finally {
        active -= 1;
      }
    },
    onError: (error) => errors.push(error),
    isMoreComing,
    quietMs,
    longestMs: quietMs * 6,
  });
  return { reconciler, runs, errors };
}

describe('createReconciler', () => {
  it('makes one run of many', async () => {
    const { reconciler, runs } = create();
    for (const cause of ['a', 'b', 'a']) reconciler.ask(cause);
    await reconciler.idle();
    expect(runs).toEqual([['a', 'b']]);
  });

  it('gathers a burst for longer than a few changes', async () => {
    const { reconciler, runs } = create();
    // Pauses that are longer than what ends the gathering of a few.
    for (let change = 0; change < 5; change += 1) reconciler.ask(`first ${change}`);
    await wait(8);
    reconciler.ask('late');
    await reconciler.idle();
    expect(runs.map((causes) => causes.length)).toEqual([6]);
  });

  it('waits for nothing when nobody is about to ask, and for the last one when somebody is', async () => {
    let coming = 0;
    const { reconciler, runs } = create(undefined, () => coming > 0, 60_000);
    reconciler.ask('alone');
    await reconciler.idle();
    coming = 3;
    for (const cause of ['a', 'b', 'c']) {
      reconciler.ask(cause);
      coming -= 1;
      // Longer than it takes to see that nobody comes.
      await wait(5);
      expect(runs).toHaveLength(cause === 'c' ? 2 : 1);
    }
    await reconciler.idle();
    expect(runs).toEqual([['alone'], ['a', 'b', 'c']]);
  });

  it('runs once more for what came meanwhile, never two at a time', async () => {
    const gate = Promise.withResolvers<undefined>();
    const { reconciler, runs } = create(() => gate.promise);
    reconciler.ask('first');
    while (runs.length === 0) await wait(1);
    for (const cause of ['b', 'c']) reconciler.ask(cause);
    await wait(50);
    expect(runs).toEqual([['first']]);
    gate.resolve(undefined);
    await reconciler.idle();
    expect(runs).toEqual([['first'], ['b', 'c']]);
  });

  it('begins although the asking never stops', async () => {
    const { reconciler, runs } = create();
    const end = performance.now() + 2_000;
    while (runs.length === 0 && performance.now() < end) {
      reconciler.ask('again');
      await wait(1);
    }
    expect(runs.length).toBeGreaterThan(0);
    await reconciler.close();
  });

  it('goes on after a run that threw', async () => {
    let broken = true;
    const { reconciler, runs, errors } = create(() => (broken ? Promise.reject(new Error('no')) : Promise.resolve()));
    reconciler.ask('a');
    await reconciler.idle();
    broken = false;
    reconciler.ask('b');
    await reconciler.idle();
    expect(runs).toEqual([['a'], ['b']]);
    expect(errors).toHaveLength(1);
  });

  it('is idle when nothing was asked, and takes nothing once closed', async () => {
    const { reconciler, runs } = create();
    await reconciler.idle();
    await reconciler.close();
    reconciler.ask('late');
    await wait(40);
    expect(runs).toEqual([]);
  });
});
