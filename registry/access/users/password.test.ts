import { expect, test } from 'vitest';
import { createPasswords } from './password.ts';

const passwords = createPasswords(10);

/** Processor time, which other programs on the machine do not lengthen. */
async function measureMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test('a password is verified against its hash', async () => {
  const hash = await passwords.hash('a long password');
  expect(await passwords.verify('a long password', hash)).toBe(true);
  expect(await passwords.verify('another password', hash)).toBe(false);
});

test('an unknown user is refused after as much work as a known one', async () => {
  const hash = await passwords.hash('a long password');
  const known = await measureMs(() => passwords.verify('another password', hash));
  const unknown = await measureMs(async () => {
    expect(await passwords.verify('another password', undefined)).toBe(false);
  });
  expect(unknown).toBeGreaterThan(known / 2);
  expect(unknown).toBeLessThan(known * 2);
});
