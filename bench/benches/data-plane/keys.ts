import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { SYSTEM_NGINX } from '../../../test/support/nginx/nginx-kinds.ts';
import { startStaticUpstream } from '../../backends/plain-nginx.ts';
import { startBenchGate } from '../../backends/start-bench-gate.ts';
import { withClosers } from '../../measure/closers.ts';
import { compareRivals, type Rival } from '../../measure/compare.ts';
import { readPssMb } from '../../measure/pss.ts';
import type { Bench } from '../../measure/report/report.ts';
import { median, showSpread } from '../../measure/statistics.ts';

const ROUNDS = 5;
const LOAD = { connections: 16, seconds: 3 };
const COUNTS = [1, 100, 10_000];

/** Cost of a call as more and more keys call in turn. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const folder = mkdtempSync(join(tmpdir(), 'mcpgw-keys-'));
    defer({ close: () => rm(folder, { recursive: true, force: true }) });
    const [upstreamPort = 0] = await findFreePorts(1);
    defer(await startStaticUpstream(upstreamPort));
    const { gate, url, workers } = defer(await startBenchGate(SYSTEM_NGINX, upstreamPort));
    // With an id, as the registry writes them: it is part of the log line.
    const keys = Array.from({ length: Math.max(...COUNTS) }, (_, index) =>
      gate.access.addAgent(`agent-${index}`, { id: randomUUID() }),
    );
    const before = workers().reduce((sum, pid) => sum + readPssMb(pid), 0);
    const rivals: Rival[] = COUNTS.map((count) => {
      const keysFile = join(folder, String(count));
      writeFileSync(keysFile, `${keys.slice(0, count).join('\n')}\n`);
      return { name: String(count), url, headers: {}, pids: workers, keysFile };
    });
    const rounds = await compareRivals(rivals, LOAD, ROUNDS);
    const memoryMb = workers().reduce((sum, pid) => sum + readPssMb(pid), 0) - before;
    const cpuOf = (count: number) => (rounds.get(String(count)) ?? []).map(({ cpuUs }) => cpuUs ?? 0);
    const ratio = median(cpuOf(10_000)) / median(cpuOf(1));
    return {
      title: 'Keys',
      method: `The gate without a registry, NGINX of the system, one worker, static upstream, no sessions; wrk, ${LOAD.connections} connections, ${ROUNDS} rounds of ${LOAD.seconds} s in shuffled order; the keys call in turn; all have the same grants.`,
      columns: ['keys', 'CPU µs a call'],
      rows: COUNTS.map((count) => [String(count), showSpread(cpuOf(count), 1)]),
      bars: [
        { what: '10,000 keys / one key', bar: '≤ 1.10', value: ratio.toFixed(2), met: ratio <= 1.1 },
        {
          what: 'memory of a worker at 10,000 keys',
          bar: '≤ 60 MB',
          value: `${memoryMb.toFixed(0)} MB`,
          met: memoryMb <= 60,
        },
      ],
    };
  });
