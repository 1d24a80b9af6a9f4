import { expect, test } from 'vitest';
import { readQueries, readServers } from './read-data.ts';
import { measureQuality } from './quality.ts';
import { rankByGateway } from './rankings.ts';

const servers = readServers();
const { tuned, heldOut } = readQueries();

test('the tools that queries expect exist, and no query occurs twice', () => {
  const known = new Set(servers.flatMap(({ path, tools }) => tools.map(({ name }) => `${path}/${name}`)));
  const cases = [...tuned, ...heldOut];
  expect(cases.flatMap(({ tools }) => tools).filter((id) => !known.has(id))).toEqual([]);
  expect(new Set(cases.map(({ query }) => query)).size).toBe(cases.length);
});

test('the search quality on real tools is about as good as the measured one', () => {
  const quality = measureQuality(rankByGateway(servers), [...tuned, ...heldOut]);
  expect(quality.recallAt5).toBeGreaterThanOrEqual(0.93);
  expect(quality.mrr).toBeGreaterThanOrEqual(0.76);
});
