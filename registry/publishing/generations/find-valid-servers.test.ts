import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findValidServers, type Attempt } from './find-valid-servers.ts';

/** An NGINX that rejects these servers, and this pair together; it names the culprit only if `names` is true. */
function createTest(all: string[], bad: ReadonlySet<string>, pair: string[] = [], names = false) {
  let tests = 0;
  const attempt = (rejected: ReadonlyMap<string, string>): Promise<Attempt<string[]>> => {
    tests += 1;
    const accepted = all.filter((id) => !rejected.has(id));
    const culprit = accepted.find((id) => bad.has(id));
    const clash = pair.length > 0 && pair.every((id) => accepted.includes(id));
    if (culprit === undefined && !clash) return Promise.resolve({ passed: accepted, culprit: null, message: '' });
    const named = names && culprit !== undefined ? { serverId: culprit, message: `${culprit} is bad` } : null;
    return Promise.resolve({ passed: null, culprit: named, message: 'it fails' });
  };
  return { attempt, count: () => tests };
}
const ids = Array.from({ length: 24 }, (_, index) => `s${index}`);

describe('findValidServers', () => {
  it('finds exactly those that fail, whether NGINX names them or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(ids, { maxLength: 5 }), fc.boolean(), async (bad, names) => {
        const { attempt } = createTest(ids, new Set(bad), [], names);
        const found = await findValidServers({ serverIds: ids, rejected: new Map(), attempt, maxAttempts: 100 });
        expect(found.passed).toEqual(ids.filter((id) => !bad.includes(id)));
        expect([...found.rejected.keys()].sort()).toEqual([...bad].sort());
      }),
    );
  });

  it('rejects only one of two that fail together', async () => {
    const { attempt } = createTest(ids, new Set(), ['s3', 's20']);
    const found = await findValidServers({ serverIds: ids, rejected: new Map(), attempt, maxAttempts: 100 });
    expect([...found.rejected.keys()]).toEqual(['s20']);
  });

  it('needs few tests for one among a thousand', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `m${index}`);
    const { attempt, count } = createTest(many, new Set(['m777']));
    await findValidServers({ serverIds: many, rejected: new Map(), attempt, maxAttempts: 60 });
    expect(count()).toBeLessThan(30);
  });

  it('stops at the maximum number of tests, and returns what has passed until then', async () => {
    const { attempt, count } = createTest(ids, new Set(ids.filter((_, index) => index % 2 === 0)));
    const found = await findValidServers({ serverIds: ids, rejected: new Map(), attempt, maxAttempts: 10 });
    expect(count()).toBeLessThan(16);
    expect(found.passed?.every((id) => Number(id.slice(1)) % 2 === 1)).toBe(true);
  });

  it('rejects no server when nothing passes at all', async () => {
    const attempt = () => Promise.resolve({ passed: null, culprit: null, message: 'no module' });
    const found = await findValidServers({ serverIds: ids, rejected: new Map(), attempt, maxAttempts: 60 });
    expect(found).toEqual({ passed: null, message: 'no module', rejected: new Map() });
  });

  it('excludes servers that were rejected before', async () => {
    const { attempt, count } = createTest(ids, new Set(['s1']));
    const found = await findValidServers({
      serverIds: ids,
      rejected: new Map([['s1', 'before']]),
      attempt,
      maxAttempts: 60,
    });
    expect(found.rejected.get('s1')).toBe('before');
    expect(count()).toBe(1);
  });
});
