import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { SYSTEM_NGINX } from '../../../test/support/nginx/nginx-kinds.ts';
import { startPlainNginx, startStaticUpstream, SESSION } from '../../backends/plain-nginx.ts';
import { startBenchGate } from '../../backends/start-bench-gate.ts';
import { withClosers } from '../../measure/closers.ts';
import { compareRivals, type Rival } from '../../measure/compare.ts';
import type { Bench } from '../../measure/report/report.ts';
import { median, showSpread } from '../../measure/statistics.ts';

const ROUNDS = 3;
const LOAD = { connections: 4, seconds: 3 };

function wrap(argument: string): string {
  return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":${argument}}}`;
}
function fill(bytes: number, unit: (index: number) => string): string {
  let text = '';
  for (let index = 0; text.length < bytes; index += 1) text += (index === 0 ? '' : ',') + unit(index);
  return text;
}
const ROW = (index: number) => `{"id":${index},"name":"row ${index}","price":${index}.5,"tags":["a","b"]}`;

const BODIES: { name: string; body: string; barUs: number }[] = [
  { name: '4 KB, one string', body: wrap(`{"t":"${'x'.repeat(4_000)}"}`), barUs: 60 },
  { name: '4 KB, rows', body: wrap(`{"t":[${fill(4_000, ROW)}]}`), barUs: 60 },
  { name: '100 KB, one string', body: wrap(`{"t":"${'x'.repeat(100_000)}"}`), barUs: 500 },
  { name: '100 KB, rows', body: wrap(`{"t":[${fill(100_000, ROW)}]}`), barUs: 500 },
  { name: '4 MB, one string', body: wrap(`{"t":"${'x'.repeat(4_000_000)}"}`), barUs: 150_000 },
  { name: '4 MB of escaped quotes', body: wrap(`{"t":"${'\\"'.repeat(2_000_000)}"}`), barUs: 150_000 },
  {
    name: '190,000 keys',
    body: wrap(`{${fill(1_900_000, (index) => `"${index.toString(36).padStart(5, '_')}":1`)}}`),
    barUs: 150_000,
  },
];

/** CPU time of the worker that the gate adds to calls with larger bodies. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const folder = mkdtempSync(join(tmpdir(), 'mcpgw-bodies-'));
    defer({ close: () => rm(folder, { recursive: true, force: true }) });
    const [upstreamPort = 0, barePort = 0] = await findFreePorts(2);
    defer(await startStaticUpstream(upstreamPort));
    const bare = defer(
      await startPlainNginx(
        barePort,
        `client_max_body_size 5m; client_body_buffer_size 128k; upstream up { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 1000000000; }
server { listen 127.0.0.1:${barePort}; location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_pass http://up; } }`,
      ),
    );
    const { url, headers, workers } = defer(await startBenchGate(SYSTEM_NGINX, upstreamPort));
    const rows: string[][] = [];
    const bars = [];
    for (const [index, { name, body, barUs }] of BODIES.entries()) {
      const bodyFile = join(folder, String(index));
      writeFileSync(bodyFile, body);
      const rivals: Rival[] = [
        { name: 'bare', url: bare.url, headers: { 'Mcp-Session-Id': SESSION }, pids: bare.workers, bodyFile },
        { name: 'gate', url, headers, pids: workers, bodyFile },
      ];
      const rounds = await compareRivals(rivals, LOAD, ROUNDS);
      const cpuOf = (rival: string) => (rounds.get(rival) ?? []).map(({ cpuUs }) => cpuUs ?? 0);
      const addedUs = median(cpuOf('gate')) - median(cpuOf('bare'));
      rows.push([name, showSpread(cpuOf('bare'), 0), showSpread(cpuOf('gate'), 0), addedUs.toFixed(0)]);
      bars.push({
        what: `${name}: CPU added`,
        bar: `≤ ${barUs} µs`,
        value: `${addedUs.toFixed(0)} µs`,
        met: addedUs <= barUs,
      });
    }
    return {
      title: 'Bodies',
      method: `NGINX of the system, static upstream, one worker each; wrk, ${LOAD.connections} connections, ${ROUNDS} rounds of ${LOAD.seconds} s in shuffled order. CPU time of the worker.`,
      columns: ['body', 'bare NGINX, µs', 'gate, µs', 'added, µs'],
      rows,
      bars,
    };
  });
