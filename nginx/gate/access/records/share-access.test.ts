import { expect, test } from 'vitest';
import type { GrantFile } from '../../../../registry/contract/gate/access-files.ts';
import { memoizeForAll } from './memoize-for.ts';
import { shareAccess } from './share-access.ts';

const hours = { days: [1, 2], from: 0, to: 600, offsets: [{ from: 5, minutes: 60 }] };
const make = (more: Partial<GrantFile> = {}): GrantFile[] => [{ server: 'a', tools: ['x', 'y'], hours, ...more }];

test('keys with equal grants share one record, in whatever order their members were written', () => {
  const one = shareAccess(make(), ['a']);
  expect(shareAccess([{ hours, tools: ['x', 'y'], server: 'a' }], ['a'])).toBe(one);
  expect(one).toMatchObject({ grants: make(), servers: ['a'], keys: 2 });
});

test.each<[string, GrantFile[], string[] | undefined]>([
  ['another server', make({ server: 'b' }), ['a']],
  ['another tool', make({ tools: ['x', 'z'] }), ['a']],
  ['tools in another order', make({ tools: ['y', 'x'] }), ['a']],
  ['one text in place of two', make({ tools: ['x1:y'] }), ['a']],
  ['resources in place of tools', [{ server: 'a', resources: ['x', 'y'], hours }], ['a']],
  ['a denial', make({ deny: true }), ['a']],
  ['an end', make({ expiresAt: 1 }), ['a']],
  ['other hours', make({ hours: { ...hours, to: 601 } }), ['a']],
  ['another offset', make({ hours: { ...hours, offsets: [{ from: 5, minutes: 61 }] } }), ['a']],
  ['one grant more', [...make(), ...make()], ['a']],
  ['other patterns of servers', make(), ['b']],
  ['no patterns of servers', make(), undefined],
])('%s is another record', (_difference, grants, servers) => {
  expect(shareAccess(grants, servers)).not.toBe(shareAccess(make(), ['a']));
});

test('long grants are not compared', () => {
  const long = make({ tools: Array.from({ length: 1_000 }, (_, n) => `tool-${n}`) });
  expect(shareAccess(long, undefined)).not.toBe(shareAccess(long, undefined));
});

test('what is derived has room for each key that shares it', () => {
  const fill = (keys: number) => {
    const access = { ...shareAccess(make(), undefined), keys, derived: undefined, derivedCount: 0 };
    for (let n = 0; n < 150; n += 1) memoizeForAll(access, `rules ${n}`, n);
    return access.derivedCount;
  };
  expect([fill(1), fill(2)]).toEqual([54, 150]);
});
