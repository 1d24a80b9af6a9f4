import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GenerationView, Page } from '../../../registry/contract/index.ts';
import { signIn } from '../../support/gateway/admin-client.ts';
import {
  createExpectedState,
  openWriter,
  type KnownAgent,
  type KnownServer,
  type Writer,
} from '../../support/faults/observe/expected-state.ts';
import {
  checkDatabase,
  checkGate,
  dropRemoved,
  verifyExpectedState,
} from '../../support/faults/observe/check-expected-state.ts';
import { countFileEvents, type FileEvents } from '../../support/faults/observe/count-file-events.ts';
import { expectNothingCut, expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { findInterruptedStep } from '../../support/faults/observe/find-interrupted-step.ts';
import { killRegistry, runRegistry, waitUntilResponds } from '../../support/faults/inject/restart-registry.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import type { RunningProgram } from '../../support/processes/run-program.ts';

/** How many times the registry is killed: 1000 in the full run. */
const KILLS = Number(process.env['FAULTS_KILLS'] ?? 10);
/** Twenty times the duration on an idle machine. */
const LIMIT_MS = 120_000 + KILLS * 30_000;
/** After this many rounds everything written must be served; then it is removed again, or each start would have more to do. */
const ROUNDS_PER_CHECK = 5;
/** Number of file changes in which a registry under writes publishes about twice. */
const MAX_FILE_EVENTS = 300;
/** From this many kills on every step of publishing must have been hit: the short run has too few for that. */
const FROM_ALL_STEPS = 200;

let site: Site;
let files: FileEvents;
let program: RunningProgram | undefined;
beforeAll(async () => {
  // Lets the first streams stay open to the end.
  site = await startSite({ supervised: false, env: { DRAIN_TIMEOUT: '86400' } });
  files = countFileEvents(site.gateway);
});
afterAll(async () => {
  files.close();
  await program?.stop('SIGKILL');
  await site.close();
});

/** The response or the file change at which the registry of a round is killed: a different one each time. */
function chooseMoment(round: number): { of: 'answers' | 'files'; count: number } {
  if (round % 2 === 0) return { of: 'answers', count: 1 + ((round * 7) % 13) };
  // The golden ratio distributes any number of rounds evenly.
  return { of: 'files', count: 1 + Math.floor(((round * 0.618034) % 1) * MAX_FILE_EVENTS) };
}

/** Writes of all kinds, until the registry dies. */
async function write(writer: Writer, name: string, url: string): Promise<void> {
  for (let number = 0; ; number += 1) {
    const path = `${name}-${number}`;
    const server = await writer.register(path, url);
    if (number % 3 === 2) await writer.removeServer(server);
    const agent = await writer.createAgent(path);
    const key = await writer.createKey(agent);
    if (number % 2 === 1) await writer.revoke(agent, key);
  }
}

/** Removes what earlier rounds wrote, until none of it is left or the registry dies. */
async function removeEarlier(writer: Writer, known: { servers: KnownServer[]; agents: KnownAgent[] }): Promise<void> {
  while (known.servers.length + known.agents.length > 0) {
    const [server, agent] = [known.servers.shift(), known.agents.shift()];
    if (server?.presence === 'present') await writer.removeServer(server);
    if (agent?.presence === 'present') await writer.removeAgent(agent);
  }
}

test(
  `the registry is killed ${KILLS} times during writes and publishing: nothing acknowledged is lost, and no agent is affected`,
  async ({ annotate }) => {
    const { gateway, key } = site;
    const good = { key, path: 'calm' };
    const expected = createExpectedState();
    const spread: Record<string, number> = {};
    const count = (what: string) => (spread[what] = (spread[what] ?? 0) + 1);
    // A session outlives the registry that created it.
    const admin = await signIn(gateway.registryUrl, 'admin', gateway.env['ADMIN_PASSWORD'] ?? '');
    // Each connection calls several times while the drain flag is up, or a reload would find it idle.
    const load = site.load({ maxMs: LIMIT_MS, maxCalls: Infinity, connections: 4, pauseMs: 50 });
    const streams = await site.streams(2);
    let toRemove: Awaited<ReturnType<typeof checkAndDropRemoved>> = { servers: [], agents: [] };

    async function start(): Promise<RunningProgram> {
      const started = (program = runRegistry(gateway));
      await waitUntilResponds(gateway, started, '/healthz');
      if (started.stdout().includes('access files differed from the database'))
        count('access files behind the database');
      // Immediately: as soon as it responds, it must have repaired interrupted changes.
      expect(await checkGate(expected, gateway, good), 'at the gate after a start').toEqual([]);
      expect(await checkDatabase(expected, admin), 'in the database after a start').toEqual([]);
      return started;
    }

    async function checkAndDropRemoved() {
      await verifyExpectedState(expected, gateway, key);
      return dropRemoved(expected);
    }

    await killRegistry(gateway);
    // A registry that exits normally saves its compiled code, as a long-running one does: the others then start as in production.
    const first = await start();
    await waitUntilResponds(gateway, first, '/readyz');
    await first.stop();

    for (let round = 0; round < KILLS; round += 1) {
      const running = await start();
      if (round % ROUNDS_PER_CHECK === ROUNDS_PER_CHECK - 1) toRemove = await checkAndDropRemoved();
      const moment = chooseMoment(round);
      const killNow = () => process.kill(running.pid, 'SIGKILL');
      if (moment.of === 'files') files.at(moment.count, killNow);
      const answersBefore = expected.acknowledged;
      const writer = openWriter(expected, admin, () => {
        if (moment.of === 'answers' && expected.acknowledged === answersBefore + moment.count) killNow();
      });
      await Promise.allSettled([
        write(writer, `r${round}a`, site.calm.url),
        write(writer, `r${round}b`, site.calm.url),
        removeEarlier(writer, toRemove),
      ]);
      expect(expected.refused).toEqual([]);
      expect(await running.ended).toBe('SIGKILL');
      const cut = findInterruptedStep(gateway);
      count(`publishing: ${cut.step}`);
      if (cut.isAccessCut) count('half an access file');
      expect(await checkGate(expected, gateway, good), 'at the gate without a registry').toEqual([]);
    }
    const last = await start();
    await waitUntilResponds(gateway, last, '/readyz');
    await checkAndDropRemoved();

    for (const stream of streams) await stream.more(2);
    expectNothingCut(streams);
    const report = await load.stop();
    const { acknowledged, checked } = expected;
    await annotate(JSON.stringify({ kills: KILLS, acknowledged, checked, calls: report.calls, spread }));
    expectNothingLost(report, 100);
    await expectKillsWereInTheMiddle();

    async function expectKillsWereInTheMiddle(): Promise<void> {
      const { 'publishing: none': outside = 0 } = spread;
      expect(KILLS - outside, JSON.stringify(spread)).toBeGreaterThanOrEqual(KILLS / 10);
      if (KILLS >= FROM_ALL_STEPS)
        for (const step of ['staging', 'testing', 'verifying', 'recording'])
          expect(spread).toHaveProperty(`publishing: ${step}`);
      // A kill before a generation is recorded leaves none, so in a short run there may be no unfinished one.
      const { items } = await admin.must<Page<GenerationView>>('GET', '/api/generations?limit=1000');
      const unfinished = items.filter(({ number, state }) => number > 0 && state !== 'verified');
      if (KILLS >= FROM_ALL_STEPS) expect(unfinished.length).toBeGreaterThan(0);
      for (const { error } of unfinished) expect(error).toBe('The registry ended before this generation was verified');
      const names = readdirSync(gateway.dataDir, { recursive: true, encoding: 'utf8' });
      expect(names.filter((name) => /\.(tmp|new|old|next)$/.test(name))).toEqual([]);
    }
  },
  LIMIT_MS,
);
