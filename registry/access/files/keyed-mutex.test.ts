import { expect, test } from 'vitest';
import { createKeyedMutex } from './keyed-mutex.ts';

test('one job at a time for a name; whoever comes while one waits shares it', async () => {
  const mutex = createKeyedMutex();
  const log: string[] = [];
  const gates: (() => void)[] = [];
  const job = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise<void>((resolve) => gates.push(resolve));
    log.push(`${name} ends`);
  };
  const first = mutex.run('x', job('1'));
  const second = mutex.run('x', job('2'));
  const third = mutex.run('x', job('3'));
  const other = mutex.run('y', job('other'));
  expect(third).toBe(second);
  expect(log).toEqual(['1 begins', 'other begins']);
  gates[0]?.();
  await first;
  await expect.poll(() => log).toContain('2 begins');
  const fourth = mutex.run('x', job('4'));
  gates[2]?.();
  await second;
  await expect.poll(() => log).toContain('4 begins');
  gates[3]?.();
  gates[1]?.();
  await Promise.all([fourth, other]);
  expect(log.filter((line) => line.startsWith('3'))).toEqual([]);
});

test('a job that fails fails for those who shared it, and the next one runs', async () => {
  const mutex = createKeyedMutex();
  const bad = mutex.run('x', () => Promise.reject(new Error('no')));
  const good = mutex.run('x', () => Promise.resolve());
  await expect(bad).rejects.toThrow('no');
  await good;
  await mutex.run('x', () => Promise.resolve());
});
