import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findClientPorts } from '../../support/faults/observe/find-connections.ts';
import { expectNothingCut } from '../../support/faults/load/expect-nothing-lost.ts';
import { findMaster, findWorkers } from '../../support/faults/observe/find-processes.ts';
import { kill } from '../../support/faults/inject/restart-registry.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { listProcessesOf } from '../../support/processes/list-processes.ts';
import { waitFor } from '../../support/wait-for.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());

/** Outcomes that are neither a response nor a broken connection. */
const unexpected = (outcomes: Record<string, number>) =>
  Object.keys(outcomes).filter((outcome) => outcome !== '200' && !outcome.startsWith('broken '));

test('a killed worker breaks its own connections and no others, and is replaced', async () => {
  const { gateway } = site;
  await waitFor('two workers', () => findWorkers(gateway).accepting.length === 2);
  const [victim = 0] = await waitFor('both workers', () => {
    const { accepting } = findWorkers(gateway);
    return accepting.length === 2 && accepting;
  });
  const load = site.load();
  const streams = await site.streams(6);
  // Both workers must have some of them: more are opened until they do.
  const isVictims = ({ localPort }: { localPort: number }) => findClientPorts(victim).has(localPort);
  for (let more = 0; more < 40 && new Set(streams.map(isVictims)).size < 2; more += 1)
    streams.push(...(await site.streams(1)));
  const [theirs, others] = [streams.filter(isVictims), streams.filter((stream) => !isVictims(stream))];
  expect(theirs.length).toBeGreaterThan(0);
  expect(others.length).toBeGreaterThan(0);
  await load.answers(100);

  const connections = findClientPorts(victim).size;
  await kill(victim);
  await waitFor('their end', () => theirs.every((stream) => stream.ended() !== null));
  await waitFor('a new worker', () => findWorkers(gateway).accepting.length === 2);
  expect(readFileSync(join(gateway.logDir, 'error.log'), 'utf8')).toContain(
    `worker process ${victim} exited on signal 9`,
  );
  await load.answers(100);
  for (const stream of others) await stream.more(3);
  expectNothingCut(others);
  // Calls in progress at it failed as broken connections; never more than it had.
  const report = await load.stop();
  expect(unexpected(report.outcomes)).toEqual([]);
  expect(report.failures.length).toBeLessThanOrEqual(connections);
  for (const stream of streams) stream.leave();
});

test('a killed master breaks all connections without a wrong response, and is restarted in seconds without an orphan', async () => {
  const { gateway } = site;
  const before = { master: findMaster(gateway), workers: findWorkers(gateway).accepting };
  const load = site.load();
  const streams = await site.streams(3);
  await load.answers(100);
  for (const stream of streams) await stream.more(1);
  const killedAt = performance.now();
  await kill(before.master);
  await waitFor('the end of the streams', () => streams.every((stream) => stream.ended() !== null));
  await waitFor('another master', () => findMaster(gateway) !== before.master && findWorkers(gateway).accepting[0]);
  await load.answers(100);
  const awayMs = performance.now() - killedAt;
  const report = await load.stop();
  expect(unexpected(report.outcomes)).toEqual([]);
  // The limit is generous: the test machine may be busy. Without load it takes less than one second.
  expect(awayMs).toBeLessThan(15_000);
  const alive = listProcessesOf(gateway.dataDir).map(({ pid }) => pid);
  for (const pid of [before.master, ...before.workers]) expect(alive).not.toContain(pid);
  const again = await site.streams(3);
  for (const stream of again) await stream.more(2);
  expectNothingCut(again);
});
