import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { startSweptGateway, type SweptGateway } from '../../backends/start-swept-gateway.ts';
import { withClosers } from '../../measure/closers.ts';
import { openInspector, type ProcessCounters, type Inspector } from '../../measure/inspector.ts';
import type { Bench } from '../../measure/report/report.ts';
import { readRss } from '../../measure/rss.ts';

const CHECKS = 10_000;
const SERVERS = 200;
const COMING = 10;
const TOOLS_EACH = 10;
const SWEEP_EVERY_S = 3;
const MEASURED_EVERY = 1_000;
/** Idle connections close within a second or two; only what remains is counted. */
const SETTLE_MS = 3_000;
/** Allowed fluctuation between two samples. */
const SLACK = { heapMb: 5, descriptors: 20, timers: 20, handles: 20, abortSignals: 100 };

interface Sample extends ProcessCounters {
  checks: number;
  descriptors: number;
  residentMb: number;
  /** Rows of the history of removed servers. */
  orphans: number;
}

function countChecks(dataDir: string): { done: number; orphans: number } {
  const database = new DatabaseSync(join(dataDir, 'mcpgw.db'), { readOnly: true });
  const here = 'server_id in (select id from servers where removed_at is null)';
  const count = (where: string) =>
    Number(database.prepare(`select count(*) as n from checks where ${where}`).get()?.['n'] ?? 0);
  try {
    return { done: count(here), orphans: count(`not ${here}`) };
  } finally {
    database.close();
  }
}

async function takeSample(gateway: SweptGateway, inspector: Inspector): Promise<Sample> {
  await sleep(SETTLE_MS);
  const { done, orphans } = countChecks(gateway.dataDir);
  return {
    checks: done,
    ...(await inspector.sample()),
    descriptors: readdirSync(`/proc/${gateway.registry}/fd`).length,
    residentMb: readRss(gateway.registry).nowMb,
    orphans,
  };
}

/** Registers some servers, waits for a sweep, and removes them. */
async function registerAndRemove(gateway: SweptGateway, round: number): Promise<void> {
  const paths = Array.from({ length: COMING }, (_, index) => `coming-${round}-${index}`);
  await Promise.all(paths.map((path, index) => gateway.registerLight(path, gateway.urls[SERVERS + index])));
  const since = new Date().toISOString();
  await waitFor('a sweep', async () => {
    await sleep(250);
    const all = await gateway.listAll();
    return all.every(({ lastCheckedAt }) => lastCheckedAt !== null && lastCheckedAt > since);
  });
  await Promise.all(paths.map((path) => gateway.admin.must('DELETE', `/api/servers/${path}`)));
}

const show = (value: number) => value.toFixed(value % 1 === 0 ? 0 : 1);

/** The registry's own process over 10,000 checks while servers are added and removed: nothing in it may grow. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const [port = 0] = await findFreePorts(1);
    const env = { NODE_OPTIONS: `--inspect-port=127.0.0.1:${port}` };
    const gateway = defer(
      await startSweptGateway({ count: SERVERS, spare: COMING, tools: TOOLS_EACH, everyS: SWEEP_EVERY_S, env }),
    );
    const inspector = defer(await openInspector(gateway.registry, port));
    const samples: Sample[] = [];
    let rounds = 0;
    for (let done = 0; done < CHECKS; done = countChecks(gateway.dataDir).done) {
      await registerAndRemove(gateway, (rounds += 1));
      if (countChecks(gateway.dataDir).done >= (samples.length + 1) * MEASURED_EVERY)
        samples.push(await takeSample(gateway, inspector));
    }
    const sessions = await gateway.countSessions();
    const [base, last] = [samples[0], samples.at(-1)];
    if (base === undefined || last === undefined || base === last) throw new Error('too few checks to compare');
    const grown = (what: keyof typeof SLACK, name: string) => ({
      what: `${name}, from the first row to the last`,
      bar: `≤ ${show(base[what])} + ${SLACK[what]}`,
      value: show(last[what]),
      met: last[what] <= base[what] + SLACK[what],
    });
    return {
      title: `${CHECKS.toLocaleString('en')} checks while servers are added and removed`,
      method: `The whole gateway as \`scripts/start.sh\` starts it, ${SERVERS} light servers with ${TOOLS_EACH} tools each, swept every ${SWEEP_EVERY_S} s; ${COMING} more are registered, checked by a sweep and removed again, ${rounds} times, each time a new generation of NGINX's configuration. Heap, timers and handles are reported by the registry's process over Node's inspector, after a garbage collection; descriptors and resident memory are reported by the kernel.`,
      columns: ['checks', 'heap, MB', 'resident, MB', 'descriptors', 'timers', 'other handles', 'AbortSignals'],
      rows: samples.map((row) =>
        [row.checks, row.heapMb, row.residentMb, row.descriptors, row.timers, row.handles, row.abortSignals].map(show),
      ),
      bars: [
        grown('heapMb', 'heap, MB'),
        grown('descriptors', 'descriptors'),
        grown('timers', 'timers'),
        grown('handles', 'sockets, listeners and other handles'),
        grown('abortSignals', 'AbortSignals'),
        {
          what: 'history of removed servers',
          bar: '0 rows',
          value: `${last.orphans} rows`,
          met: last.orphans === 0,
        },
        { what: 'sessions left on the servers', bar: '0', value: String(sessions), met: sessions === 0 },
      ],
    };
  });
