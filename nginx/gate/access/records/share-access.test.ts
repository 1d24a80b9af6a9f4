import { expect, test } from 'vitest';
import type { GrantFile } from '../../../../registry/contract/gate/access-files.ts';
import { memoizeForAll } from './memoize-for.ts';
import { shareAccess } from './share-access.ts';

const hours = { days: [1, 2], from: 0, to: 600, offsets: [{ from: 5, minutes: 60 }] };
const createGrants = (more: Partial<GrantFile> = {}): GrantFile[] => [
  { server: 'a', tools: ['x', 'y'], hours, ...more },
];

test('keys with equal grants share one record, regardless of the order of members', () => {
  const access = shareAccess(createGrants(), ['a']);
  expect(shareAccess([{ hours, tools: ['x', 'y'], server: 'a' }], ['a'])).toBe(access);
  expect(access).toMatchObject({ grants: createGrants(), servers: ['a'], keys: 2 });
});

test.each<[string, GrantFile[], string[] | undefined]>([
  ['another server', createGrants({ server: 'b' }), ['a']],
  ['another tool', createGrants({ tools: ['x', 'z'] }), ['a']],
  ['tools in another order', createGrants({ tools: ['y', 'x'] }), ['a']],
  ['one text in place of two', createGrants({ tools: ['x1:y'] }), ['a']],
  ['resources in place of tools', [{ server: 'a', resources: ['x', 'y'], hours }], ['a']],
  ['a denial', createGrants({ deny: true }), ['a']],
  ['an end', createGrants({ expiresAt: 1 }), ['a']],
  ['other hours', createGrants({ hours: { ...hours, to: 601 } }), ['a']],
  ['another offset', createGrants({ hours: { ...hours, offsets: [{ from: 5, minutes: 61 }] } }), ['a']],
  ['one grant more', [...createGrants(), ...createGrants()], ['a']],
  ['other patterns of servers', createGrants(), ['b']],
  ['no patterns of servers', createGrants(), undefined],
])('%s results in another record', (_difference, grants, servers) => {
  expect(shareAccess(grants, servers)).not.toBe(shareAccess(createGrants(), ['a']));
});

test('long grants are not compared', () => {
  const long = createGrants({ tools: Array.from({ length: 1_000 }, (_, n) => `tool-${n}`) });
  expect(shareAccess(long, undefined)).not.toBe(shareAccess(long, undefined));
});

test('the room for derived values grows with the keys that share them', () => {
  const fill = (keys: number) => {
    const access = { ...shareAccess(createGrants(), undefined), keys, derived: undefined, derivedCount: 0 };
    for (let n = 0; n < 150; n += 1) memoizeForAll(access, `rules ${n}`, n);
    return access.derivedCount;
  };
  expect([fill(1), fill(2)]).toEqual([54, 150]);
});
