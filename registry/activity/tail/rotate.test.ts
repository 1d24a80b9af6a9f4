import { appendFileSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { prepareActivity } from '../../../test/support/registry/prepare-activity.ts';

const on = prepareActivity();

test('a log that is too large is rotated, NGINX reopens it, no line is lost and old files are deleted', async () => {
  // Simulates NGINX: continues to write to the same file, even if renamed, until it is requested to reopen.
  let target = on.file;
  const sizes: number[] = [];
  await on.activity.close();
  on.open({
    maxLogBytes: 20_000,
    keepFiles: 2,
    reopenLog: () => {
      sizes.push(statSync(`${on.file}.1`).size);
      appendFileSync(`${on.file}.1`, on.line());
      target = on.file;
      writeFileSync(target, '');
    },
  });
  on.activity.start();
  let written = 0;
  for (let round = 0; round < 5; round++) {
    appendFileSync(target, on.lines(100));
    written += 100;
    const before = sizes.length;
    await vi.waitFor(
      () => {
        on.nowMs += 6_000;
        expect(sizes.length).toBe(before + 1);
      },
      { timeout: 10_000 },
    );
    written += 1;
  }
  await vi.waitFor(async () => expect((await on.activity.stats({ range: 'week' })).totals.calls).toBe(written));
  expect(
    readdirSync(on.folder)
      .filter((name) => name.startsWith('calls.log'))
      .sort(),
  ).toEqual(['calls.log', 'calls.log.1', 'calls.log.2']);
  expect(sizes.every((size) => size > 20_000)).toBe(true);
});

test('error.log is rotated too, and its disk space is bounded', async () => {
  const errors = join(on.folder, 'error.log');
  let reopened = 0;
  await on.activity.close();
  on.open({
    maxErrorLogBytes: 1_000,
    keepFiles: 2,
    reopenLog: () => {
      reopened += 1;
      writeFileSync(errors, '');
    },
  });
  writeFileSync(on.file, on.lines(1));
  on.activity.start();
  for (let round = 1; round <= 4; round += 1) {
    writeFileSync(errors, 'connect() failed (111: Connection refused)\n'.repeat(30));
    await vi.waitFor(() => {
      on.nowMs += 6_000;
      expect(reopened).toBe(round);
    });
  }
  expect(readdirSync(on.folder).filter((name) => name.startsWith('error.log'))).toHaveLength(3);
  expect(readdirSync(on.folder).filter((name) => name.startsWith('calls.log'))).toEqual(['calls.log']);
});

test('failed reopening is requested again, and the renamed log is followed meanwhile', async () => {
  let attempts = 0;
  let mayReopen = false;
  await on.activity.close();
  on.open({
    maxLogBytes: 1_000,
    reopenLog: () => {
      attempts += 1;
      if (!mayReopen) throw new Error('no such process');
      writeFileSync(on.file, '');
    },
  });
  writeFileSync(on.file, on.lines(10));
  on.activity.start();
  await vi.waitFor(() => {
    on.nowMs += 6_000;
    expect(attempts).toBeGreaterThanOrEqual(2);
  });
  appendFileSync(`${on.file}.1`, on.lines(5));
  await vi.waitFor(async () => expect((await on.activity.stats({ range: 'week' })).totals.calls).toBe(15));
  mayReopen = true;
  await vi.waitFor(() => {
    on.nowMs += 6_000;
    expect(existsSync(on.file)).toBe(true);
  });
  expect(on.warnings.length).toBe(attempts - 1);
});
