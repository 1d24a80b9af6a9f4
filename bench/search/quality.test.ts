import { expect, test } from 'vitest';
import { readQueries, readServers } from './read-data.ts';
import { measureQuality } from './quality.ts';
import { rankByGateway } from './rankings.ts';

const servers = readServers();
const { tuned, heldOut } = readQueries();

test('what queries expect exists, and no query is asked twice', () => {
  const known = new Set(servers.flatMap(({ path, tools }) => tools.map(({ name }) => `${path}/${name}`)));
  const cases = [...tuned, ...heldOut];
  expect(cases.flatMap(({ tools }) => tools).filter((id) => !known.has(id))).toEqual([]);
  expect(new Set(cases.map(({ query }) => query)).size).toBe(cases.length);
});

test('the search finds what people ask for among real tools about as well as it was measured', () => {
  const quality = measureQuality(rankByGateway(servers), [...tuned, ...heldOut]);
  expect(quality.recallAt5).toBeGreaterThanOrEqual(0.93);
  expect(quality.mrr).toBeGreaterThanOrEqual(0.76);
});
