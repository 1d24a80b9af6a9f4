import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listOutcomes } from '../../fixtures/conformance/read-results.ts';
import { runConformance, type ConformanceOptions } from '../../fixtures/conformance/run-conformance.ts';
import { startEverythingFixture } from '../../fixtures/everything/start.ts';
import { startKeyAdder } from '../../fixtures/kit/add-key.ts';
import type { Fixture } from '../../fixtures/kit/listen.ts';
import type { McpFixture } from '../../fixtures/kit/serve-mcp.ts';
import { ROOT, startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';

let everything: McpFixture;
let gateway: Gateway;
let adapted: Fixture;
let program: Fixture;

beforeAll(async () => {
  everything = await startEverythingFixture();
  gateway = await startGateway({ env: { STDIO_COMMANDS: 'allow' } });
  await gateway.register({ path: 'adapted', url: everything.origin, adapt: true });
  const command = join(ROOT, 'node_modules/.bin/node');
  await gateway.register({ path: 'program', command, args: [join(ROOT, 'test/fixtures/everything/stdio.ts')] });
  const { key } = await gateway.createAgent(['adapted', 'program']);
  adapted = await startKeyAdder({ target: `${gateway.url}/adapted/mcp`, key });
  program = await startKeyAdder({ target: `${gateway.url}/program/mcp`, key });
});
afterAll(async () => {
  await Promise.allSettled([adapted.close(), program.close(), gateway.close(), everything.close()]);
});

/** The outcomes at the server itself, by requirement. */
const direct = new Map<string, Promise<string[]>>();

async function run(requirements: string, url: string): Promise<string[]> {
  const suite: ConformanceOptions = { package: '0.2.0-alpha.12', args: ['--requirements', requirements], url };
  return listOutcomes((await runConformance(suite)).results);
}

function runDirect(requirements: string): Promise<string[]> {
  const outcomes = direct.get(requirements) ?? run(requirements, everything.url);
  direct.set(requirements, outcomes);
  return outcomes;
}

/** The bridge does not resume streams. */
const RESUMING = 'server-sse-polling ·';
/**
 * A program uses the protocol with sessions: the bridge names its input requests and keeps its call open until they are answered. The suite
 * expects the server's names, and leaves requests unanswered; later requests of the program cannot be assigned to a call.
 */
const QUESTIONS = 'input-required-result-';

test.each([
  { requirements: '2025-11-25', kind: 'adapted', without: [RESUMING], atLeast: 80 },
  { requirements: '2026-07-28', kind: 'adapted', without: [], atLeast: 150 },
  { requirements: '2025-11-25', kind: 'program', without: [RESUMING], atLeast: 80 },
  { requirements: '2026-07-28', kind: 'program', without: [QUESTIONS], atLeast: 120 },
])(
  'suite for $requirements, server $kind: the outcomes through the bridge equal those at the server',
  async ({ requirements, kind, without, atLeast }) => {
    const others = (lines: string[]) => lines.filter((line) => !without.some((start) => line.startsWith(start)));
    const through = others(await run(requirements, (kind === 'adapted' ? adapted : program).url));
    expect(through).toEqual(others(await runDirect(requirements)));
    expect(through.filter((line) => line.endsWith('SUCCESS')).length).toBeGreaterThanOrEqual(atLeast);
  },
);
