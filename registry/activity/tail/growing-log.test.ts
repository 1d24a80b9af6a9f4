import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRollupSink } from '../rollups/rollup-sink.ts';
import { prepareActivity } from '../../../test/support/registry/prepare-activity.ts';
import { Tail } from './tail.ts';

const on = prepareActivity();
const write = (count: number) => {
  appendFileSync(on.file, on.lines(count));
};

test('a batch reports whether it reached the end of the log', async () => {
  const tail = new Tail(on.folder, createRollupSink({ store: on.store, oldestMs: () => 0, now: () => on.nowMs }));
  expect(await tail.step()).toBeNull();
  write(100);
  expect(await tail.step()).toEqual({ lines: 100, isAll: true });
  write(8_000);
  const read = [];
  for (let step = await tail.step(); step !== null; step = await tail.step()) read.push(step);
  expect(read.length).toBeGreaterThan(1);
  expect(read.map(({ isAll }) => isAll)).toEqual([...read.slice(1).map(() => false), true]);
  expect(read.reduce((sum, { lines }) => sum + lines, 0)).toBe(8_000);
});

test('a log that grows while it is read is read in one transaction per run, not one per line', async () => {
  let transactions = 0;
  const growing: typeof on.store.transaction = (work) => {
    transactions += 1;
    if (transactions < 100) write(1);
    return on.store.transaction(work);
  };
  on.open({ store: { ...on.store, transaction: growing } });
  write(10);
  await on.activity.readAll();
  expect(transactions).toBe(1);
  await on.activity.readAll();
  expect(transactions).toBe(2);
  expect((await on.activity.totals('hour')).requests).toBe(11);
});
