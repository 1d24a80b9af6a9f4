import { expect, test } from 'vitest';
import { createKeyedMutex } from './keyed-mutex.ts';

test('work on one key runs in order and one at a time, work on another key in parallel', async () => {
  const mutex = createKeyedMutex();
  const steps: string[] = [];
  const blocked = Promise.withResolvers<undefined>();
  const first = mutex.run('a', async () => {
    steps.push('first begins');
    await blocked.promise;
    steps.push('first ends');
  });
  const second = mutex.run('a', () => Promise.resolve(steps.push('second')));
  await mutex.run('b', () => Promise.resolve(steps.push('other key')));
  blocked.resolve(undefined);
  await Promise.all([first, second]);
  expect(steps).toEqual(['first begins', 'other key', 'first ends', 'second']);
});

test('a failure is thrown to its caller only, and the next work runs', async () => {
  const mutex = createKeyedMutex();
  const failed = mutex.run('a', () => Promise.reject(new Error('no')));
  const next = mutex.run('a', () => Promise.resolve(7));
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe(7);
});

test('idle waits for all work, failed or not', async () => {
  const mutex = createKeyedMutex();
  let done = 0;
  const works = ['a', 'a', 'b'].map((key) => mutex.run(key, () => Promise.resolve((done += 1))));
  const failed = mutex.run('b', () => Promise.reject(new Error('no')));
  const caught = expect(failed).rejects.toThrow();
  await mutex.idle();
  expect(done).toBe(3);
  await Promise.all([...works, caught]);
});

test('callers before a job has started share it, later ones get another', async () => {
  const mutex = createKeyedMutex();
  const started: string[] = [];
  const blocked = Promise.withResolvers<undefined>();
  const job = (name: string, until?: Promise<undefined>) => async () => {
    started.push(name);
    await until;
  };
  const first = mutex.coalesce('a', job('first', blocked.promise));
  expect(mutex.coalesce('a', job('shares the first'))).toBe(first);
  await mutex.coalesce('b', job('other key'));
  const second = mutex.coalesce('a', job('second'));
  expect(mutex.coalesce('a', job('shares the second'))).toBe(second);
  blocked.resolve(undefined);
  await Promise.all([first, second]);
  expect(started).toEqual(['first', 'other key', 'second']);
});

test('a shared job that fails fails for all who share it, and the next one runs', async () => {
  const mutex = createKeyedMutex();
  const failed = mutex.coalesce('a', () => Promise.reject(new Error('no')));
  const shared = mutex.coalesce('a', () => Promise.resolve());
  await expect(failed).rejects.toThrow('no');
  await expect(shared).rejects.toThrow('no');
  await mutex.coalesce('a', () => Promise.resolve());
});
