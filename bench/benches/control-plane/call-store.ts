import { randomBytes } from 'node:crypto';
import { mkdtempSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCallGrouping } from '../../../registry/activity/rollups/group-calls.ts';
import { rollUp } from '../../../registry/activity/rollups/roll-up.ts';
import { openCallStore, type CallStore } from '../../../registry/store/calls/open-call-store.ts';
import type { CallFilter, CallLogLine } from '../../../registry/contract/index.ts';
import { SAMPLE_CALL } from '../../../test/support/registry/sample-call.ts';
import { writeLogLine } from '../../../test/support/registry/write-log-line.ts';
import type { Bench } from '../../measure/report/report.ts';
import { percentile } from '../../measure/statistics.ts';

const SIZES = [1e5, 1e6, 1e7].filter((size) => size <= Number(process.env['BENCH_CALLS'] ?? 1e7));
const BATCH = 10_000;
const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 28, 12);
const SPREAD_MS = 7 * DAY_MS;
const AGENTS = 200;
const SERVERS = 50;
const TOOLS = 20;
const SEARCHES = 60;
const PAGE = 100;
const CALLS_A_DAY = 100e6;

/** A request id as the gate generates it (UUIDv7, nginx/gate/platform/digest.lua). */
function generateId(ms: number): string {
  return `${Math.floor(ms).toString(16).padStart(12, '0')}7${randomBytes(10).toString('hex').slice(1)}`;
}

/** Call number `n` of `total`, which are spread over a week. */
function createCall(n: number, total: number): CallLogLine {
  const failed = n % 50 === 0;
  return {
    ...SAMPLE_CALL,
    time: (NOW_MS - SPREAD_MS + (n / total) * SPREAD_MS) / 1_000,
    id: generateId(NOW_MS - SPREAD_MS + (n / total) * SPREAD_MS),
    agent: `agent-${(n * 7) % AGENTS}`,
    server: `team/server-${(n * 13) % SERVERS}`,
    tools: [`tool_${(n * 11) % TOOLS}`],
    status: failed ? 502 : 200,
    durationMs: 1 + ((n * 37) % 900),
  };
}

/** CPU seconds that `work` takes in this process. */
function measureCpu(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** CPU of counting lines by minute and hour, for a million lines as they arrive at 1,200 per second. */
function measureRollup(): number {
  const pieces = Array.from({ length: 20 }, (_, piece) =>
    Buffer.from(
      Array.from({ length: BATCH }, (_, n) => {
        const call = createCall(piece * BATCH + n, 1e7);
        return writeLogLine({ ...call, agoMs: NOW_MS - call.time * 1_000 }, NOW_MS);
      }).join(''),
    ),
  );
  const lines = pieces.length * BATCH;
  const cpuS = measureCpu(() => {
    for (const piece of pieces) {
      const grouping = createCallGrouping(NOW_MS, 0);
      grouping.add(piece);
      rollUp(grouping.result().groups, () => true);
    }
  });
  return (cpuS / lines) * 1e6;
}

function fill(store: CallStore, from: number, to: number, total: number): number {
  return measureCpu(() => {
    for (let start = from; start < to; start += BATCH) {
      const batch = store.begin();
      for (let n = start; n < Math.min(start + BATCH, to); n += 1) batch.add(createCall(n, total));
      batch.commit({ key: 'places', value: String(start) }, 0);
    }
  });
}

/** Duration in ms of each search for a page. */
function timeSearches(store: CallStore, filterOf: (n: number) => CallFilter, days: number): number[] {
  return Array.from({ length: SEARCHES }, (_, n) => {
    const endMs = NOW_MS - ((n * 0.618) % 1) * (SPREAD_MS - days * DAY_MS);
    const began = performance.now();
    store.search({
      filter: filterOf(n),
      fromMs: endMs - days * DAY_MS,
      before: { timeMs: endMs, id: Number.MAX_SAFE_INTEGER },
      limit: PAGE,
      budgetMs: 10_000,
    });
    return performance.now() - began;
  });
}

/** The store of single calls as it grows: the cost of storing, and the duration of a search. */
export const bench: Bench = async () => {
  const rollupS = measureRollup();
  const rows: string[][] = [];
  let [agentDayMs, storeS] = [0, 0];
  for (const size of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), 'mcpgw-call-store-'));
    try {
      const file = join(folder, 'calls.db');
      const store = openCallStore(file, () => undefined);
      const cpuS = fill(store, 0, size, size);
      storeS = (cpuS / size) * 1e6;
      const searches = {
        agentDay: timeSearches(store, (n) => ({ agent: `agent-${n % AGENTS}` }), 1),
        agentTool: timeSearches(store, (n) => ({ agent: `agent-${n % AGENTS}`, tool: `tool_${n % TOOLS}` }), 1),
        failed: timeSearches(store, (n) => ({ server: `team/server-${n % SERVERS}`, status: '5xx' }), 1),
        slow: timeSearches(store, () => ({ minMs: 890 }), 1),
        nothing: timeSearches(store, () => ({ agent: 'nobody' }), 7),
      };
      agentDayMs = percentile(searches.agentDay, 0.95);
      const show = (list: number[]) => percentile(list, 0.95).toFixed(1);
      rows.push([
        size.toLocaleString('en'),
        storeS.toFixed(1),
        (statSync(file).size / size).toFixed(0),
        ...[searches.agentDay, searches.agentTool, searches.failed, searches.slow, searches.nothing].map(show),
      ]);
      store.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const dayS = ((rollupS + storeS) * CALLS_A_DAY) / 1e6;
  return {
    title: 'Stored calls',
    method: `Calls of ${AGENTS} agents to ${SERVERS} servers, spread over a week, are stored in batches of ${BATCH.toLocaleString('en')} as the registry's worker does; then ${SEARCHES} searches of each kind for a page of ${PAGE}. CPU seconds are for a million calls, including the creation of the calls; searches are in ms at p95.`,
    columns: [
      'calls',
      'store, CPU s / million',
      'bytes / call',
      'agent, a day',
      'agent and tool',
      'server, 5xx',
      'slow ones',
      'nothing found, a week',
    ],
    rows,
    bars: [
      {
        what: `search by agent and day, ${SIZES.at(-1)?.toLocaleString('en')} calls, p95`,
        bar: '≤ 200 ms',
        value: `${agentDayMs.toFixed(1)} ms`,
        met: agentDayMs <= 200,
      },
    ],
    notes: [
      `Counting a million lines by minute and hour takes ${rollupS.toFixed(1)} s of CPU. At 100 million calls a day both together would take ${(dayS / 3600).toFixed(1)} hours of one processor per day (${((dayS / 86_400) * 100).toFixed(0)} %); with \`CALL_STORE=off\`, counting alone, ${((rollupS * CALLS_A_DAY) / 1e6 / 3600).toFixed(1)} hours.`,
    ],
  };
};
