import { expect, test, vi } from 'vitest';
import { describeResult, scanInLua } from './test/in-lua.ts';
import { callWith, collideOwn, hostileBodies } from './test/hostile.ts';

// Each body changes the salt, and test files that ran earlier in this process have scanned some.
vi.resetModules();
const { countSteps, scanBody, SCAN_LIMITS } = await import('./index.ts');

const SEED = 0x5eed;
const scan = (body: string) => scanBody(body, { ...SCAN_LIMITS, hashSeed: SEED });

/** The salt of the first body after the one scanned while the module loads. */
const FIRST_SALT = 1041;
const ownCollisions = callWith(
  `{${collideOwn(SEED ^ FIRST_SALT)
    .map((key) => `"${key}":1`)
    .join(',')}}`,
);
const bodies = [
  { name: 'keys that collide for the seed', body: ownCollisions, reason: 'keys_collide' },
  { name: 'the same again', body: ownCollisions, reason: undefined },
  ...hostileBodies(300_000),
];

test('the keys of no body take more steps than members and bytes allow, and all memory is freed', async () => {
  const { results, heapKb } = await scanInLua(
    bodies.map(({ body }) => body),
    SEED,
  );
  bodies.forEach(({ name, body, reason }, i) => {
    const result = scan(body);
    expect('reason' in result ? result.reason : undefined, name).toBe(reason);
    const steps = countSteps();
    expect(steps, name).toBeLessThanOrEqual(4 * SCAN_LIMITS.maxMembers + body.length + 100);
    if (reason !== 'keys_collide' && reason !== 'key_twice') expect(steps, name).toBeLessThan(400_000);
    expect(results[i], name).toEqual({ line: describeResult(result), steps });
  });
  // Lua's heap: the scanner and the memory it retains.
  expect(heapKb).toBeLessThan(4000);
}, 120_000);
