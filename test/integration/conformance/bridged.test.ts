import { afterAll, beforeAll, expect, test } from 'vitest';
import { listOutcomes } from '../../fixtures/conformance/read-results.ts';
import { runConformance, type ConformanceOptions } from '../../fixtures/conformance/run-conformance.ts';
import { startEverythingFixture } from '../../fixtures/everything/start.ts';
import { startKeyAdder } from '../../fixtures/kit/add-key.ts';
import type { Fixture } from '../../fixtures/kit/listen.ts';
import type { McpFixture } from '../../fixtures/kit/serve-mcp.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';

let everything: McpFixture;
let gateway: Gateway;
let adder: Fixture;

beforeAll(async () => {
  everything = await startEverythingFixture();
  gateway = await startGateway();
  await gateway.register({ path: 'bridged', url: everything.origin, adapt: true });
  const { key } = await gateway.makeAgent(['bridged']);
  adder = await startKeyAdder({ target: `${gateway.url}/bridged/mcp`, key });
});
afterAll(async () => {
  await Promise.allSettled([adder.close(), gateway.close(), everything.close()]);
});

/** What a server may offer and the bridge does not: streams that are resumed. */
const RESUMING = 'server-sse-polling ·';

// Not 2026-07-28: headers that repeat arguments, the statuses 400 and 404 of some errors, and questions in several rounds differ from the server's own.
test('through the bridge the outcomes of the suite for 2025-11-25 are those without it', async () => {
  const suite: Omit<ConformanceOptions, 'url'> = { package: '0.2.0-alpha.12', args: ['--requirements', '2025-11-25'] };
  const direct = listOutcomes((await runConformance({ ...suite, url: everything.url })).results);
  const through = await runConformance({ ...suite, url: adder.url });
  const outcomes = listOutcomes(through.results);
  const others = (lines: string[]) => lines.filter((line) => !line.startsWith(RESUMING));
  expect(others(outcomes)).toEqual(others(direct));
  expect(outcomes.filter((line) => line.endsWith('FAILURE'))).toEqual([]);
  expect(through.total.failed).toBe(0);
  expect(others(outcomes).length).toBeGreaterThanOrEqual(40);
});
