import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProbeResult } from '../../../../registry/contract/index.ts';
import { startHttp, type Backend } from '../backends.ts';
import { ANSWERS } from './odd/answers.ts';
import { ERAS } from './odd/eras.ts';
import { LISTS } from './odd/lists.ts';
import type { OddCase } from './odd/odd-case.ts';
import { SPELLINGS } from './odd/spellings.ts';
import { STREAMS } from './odd/streams.ts';
import { probeUrl } from './probe-backend.ts';

const CASES = [...ERAS, ...SPELLINGS, ...STREAMS, ...LISTS, ...ANSWERS];
const TIMEOUT_MS = 2_500;
/** The time waited for a response depends on the load of the machine. */
const blurTimes = (text: string | null) => text?.replace(/within \d+ ms/, 'within a time') ?? null;

interface Probed {
  backend: Backend;
  result: ProbeResult;
}
const probed = new Map<OddCase, Probed>();

async function run(odd: OddCase): Promise<void> {
  const backend = await (odd.start?.() ?? startHttp(odd.serve ?? (() => undefined)));
  const result = await probeUrl(backend.url + (odd.at ?? '/mcp'), odd.target, TIMEOUT_MS);
  probed.set(odd, { backend, result });
}

/** Number of concurrent probes of backends that respond: more of them would time out on a busy machine. */
const LANES = 6;

// Those that only wait run all at once, beside the others.
beforeAll(async () => {
  const isWaiting = ({ problem }: OddCase) => problem?.includes('within a time') === true;
  const answering = CASES.filter((odd) => !isWaiting(odd));
  const lane = async () => {
    for (let odd = answering.shift(); odd !== undefined; odd = answering.shift()) await run(odd);
  };
  await Promise.all([...CASES.filter(isWaiting).map(run), ...Array.from({ length: LANES }, lane)]);
}, 120_000);
afterAll(() => Promise.all([...probed.values()].map(({ backend }) => backend.close())));

test('there are at least 60 cases, each with a unique name', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(60);
  expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
});

test.each(CASES)('$name', (odd) => {
  const { backend, result } = probed.get(odd)!;
  const fill = (text: string) =>
    text.replaceAll('{url}', backend.url).replaceAll('{host}', `127.0.0.1:${backend.port}`);
  expect({ health: result.health, problem: result.problem }).toEqual({ health: odd.health, problem: result.problem });
  expect(blurTimes(result.problem)).toBe(odd.problem === undefined ? null : fill(odd.problem));
  if (odd.remedy === undefined) expect(result.remedy).toBeNull();
  else expect(result.remedy).toMatch(odd.remedy);
  const isCalled = result.endpoints !== null;
  expect(result.tools.map(({ name }) => name)).toEqual(odd.tools ?? (isCalled ? ['echo'] : []));
  const endpoints = odd.found && {
    mcp: odd.found.mcp && backend.url + odd.found.mcp,
    sse: odd.found.sse && backend.url + odd.found.sse,
  };
  if (endpoints !== undefined) expect(result.endpoints).toEqual(endpoints);
});

test('each failure is a sentence with a remedy', () => {
  for (const { result } of probed.values()) {
    if (result.problem === null) continue;
    expect(result.problem).toMatch(/^[A-Z][^\n]+$/);
    expect(result.remedy).toMatch(/^[A-Z][^\n]+\.$/);
    expect(`${result.problem}${result.remedy ?? ''}`).not.toMatch(/: undefined|\[object/);
  }
});
