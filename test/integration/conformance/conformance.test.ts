import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseCall } from '../../../registry/activity/rollups/parse-call.ts';
import { listOutcomes } from '../../fixtures/conformance/read-results.ts';
import { runConformance, type ConformanceOptions } from '../../fixtures/conformance/run-conformance.ts';
import { startEverythingFixture } from '../../fixtures/everything/start.ts';
import { startKeyAdder } from '../../fixtures/kit/add-key.ts';
import type { Fixture } from '../../fixtures/kit/listen.ts';
import type { McpFixture } from '../../fixtures/kit/serve-mcp.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

let everything: McpFixture;
let gateway: Gateway;
let adder: Fixture;
let agent: string;

beforeAll(async () => {
  everything = await startEverythingFixture();
  gateway = await startGateway({ supervised: false });
  await gateway.register({ path: 'team/everything', name: 'Everything', url: everything.origin });
  // Not `*`: the grant decides for each of the suite's requests.
  const { name, key } = await gateway.createAgent(['team/everything']);
  agent = name;
  adder = await startKeyAdder({ target: `${gateway.url}/team/everything/mcp`, key });
});
afterAll(async () => {
  await Promise.allSettled([adder.close(), gateway.close(), everything.close()]);
});

const suites: Omit<ConformanceOptions, 'url'>[] = [
  { package: '0.1.16', args: ['--suite', 'active'] },
  { package: '0.2.0-alpha.12', args: ['--requirements', '2025-11-25'] },
  { package: '0.2.0-alpha.12', args: ['--requirements', '2026-07-28'] },
];

test.each(suites)('the outcomes of $package $args are the same with and without the gateway', async (suite) => {
  const direct = await runConformance({ ...suite, url: everything.url });
  const through = await runConformance({ ...suite, url: adder.url });
  expect(listOutcomes(through.results)).toEqual(listOutcomes(direct.results));
  expect(through.total).toEqual(direct.total);
  expect(through.exitCode).toBe(0);
  expect(listOutcomes(direct.results).length).toBeGreaterThanOrEqual(40);
});

test('the gateway logged the calls of both eras under the agent of the key', async () => {
  const eras = () => {
    const lines = readFileSync(join(gateway.logDir, 'calls.log'), 'utf8').trim().split('\n');
    const calls = lines.map(parseCall).filter((call) => call?.agent === agent);
    return new Set(calls.filter((call) => call?.tools.includes('test_simple_text')).map((call) => call?.era));
  };
  // NGINX writes a line after its response.
  await waitFor('lines of both eras', () => eras().size === 2);
  expect(eras()).toEqual(new Set(['legacy', 'modern']));
});

test('without a key the suite fails, so it was the key that gave it access', async () => {
  const { total, results } = await runConformance({ package: '0.1.16', url: `${gateway.url}/team/everything/mcp` });
  expect(total.failed).toBeGreaterThan(20);
  expect(listOutcomes(results).filter((line) => line.startsWith('tools-'))).toSatisfy((lines: string[]) =>
    lines.every((line) => line.endsWith('FAILURE')),
  );
});
