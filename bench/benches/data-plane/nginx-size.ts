import { listChildren } from '../../../test/support/processes/list-processes.ts';
import { buildGate } from '../../../nginx/gate/build/build-gate.ts';
import { loadTemplates } from '../../../registry/publishing/render/load-templates.ts';
import { createRender } from '../../../registry/publishing/render/render.ts';
import type { PlannedServer } from '../../../registry/publishing/plan/route-plan.ts';
import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { NGINX_KINDS, SYSTEM_NGINX, type NginxKind } from '../../../test/support/nginx/nginx-kinds.ts';
import { planInstance } from '../../../test/support/nginx/start-gate.ts';
import {
  createFolders,
  removeFolders,
  startNginx,
  testRendering,
  writeRendering,
  type NginxFolders,
} from '../../../test/support/nginx/start-nginx.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { withClosers } from '../../measure/closers.ts';
import { renderPlot } from '../../measure/report/plot.ts';
import { sumPssMb } from '../../measure/pss.ts';
import type { Bench } from '../../measure/report/report.ts';
import { median, showSpread } from '../../measure/statistics.ts';

const render = createRender(loadTemplates());

const SIZES = [10, 100, 1_000, 10_000];
const RELOADS = 5;
const WORKERS = 2;

interface Found {
  renderMs: number[];
  reloadMs: number[];
  /** Times of `nginx -t`, one list for each of NGINX_KINDS. */
  testMs: number[][];
  megabytes: number;
  kilobytes: number;
}

function planServers(count: number): PlannedServer[] {
  const servers = Array.from({ length: count }, (_, index) => ({
    id: `s${index}`,
    path: `team-${index % 100}/server-${index}`,
    hostMode: 'upstream' as const,
    timeouts: { connectMs: 5_000, readMs: 86_400_000, sendMs: 60_000 },
    instances: [planInstance('a', `http://127.0.0.1:${20_000 + (index % 10_000)}/mcp`)],
  }));
  return servers.sort((one, other) => (one.path < other.path ? -1 : 1));
}

function timeTest(kind: NginxKind, folders: NginxFolders): number {
  const began = performance.now();
  const { passed, output } = testRendering(kind, folders);
  if (!passed) throw new Error(`nginx -t of ${kind.name}: ${output}`);
  return performance.now() - began;
}

const measureSize = (count: number, bundle: string): Promise<Found> =>
  withClosers(async (defer) => {
    const folders = createFolders();
    defer({
      close: () => {
        removeFolders(folders);
        return Promise.resolve();
      },
    });
    const [port = 0, registryPort = 0] = await findFreePorts(2);
    const servers = planServers(count);
    const { accessDir, logDir, runDir } = folders;
    const gateway = {
      ...{
        port,
        tls: null,
        hosts: [],
        origins: [],
        maxBodyBytes: 4 * 1024 * 1024,
        connectionsPerAddress: 2_000,
        drainTimeoutS: 1,
      },
      ...{ registry: `127.0.0.1:${registryPort}`, accessDir, logDir, runDir, workers: WORKERS },
    };
    const found: Found = { renderMs: [], reloadMs: [], testMs: [], megabytes: 0, kilobytes: 0 };
    for (const kind of NGINX_KINDS) {
      writeRendering(folders.confDir, render({ gateway, servers }, kind.facts, 1, bundle));
      found.testMs.push(Array.from({ length: RELOADS }, () => timeTest(kind, folders)));
    }
    const renderNumber = (number: number) => {
      const began = performance.now();
      const rendering = render({ gateway, servers }, SYSTEM_NGINX.facts, number, bundle);
      found.renderMs.push(performance.now() - began);
      found.kilobytes = Object.values(rendering).join('').length / 1024;
      return rendering;
    };
    const nginx = defer(await startNginx(SYSTEM_NGINX, folders, renderNumber(1), 1));
    for (let number = 2; number < RELOADS + 2; number += 1) {
      const rendering = renderNumber(number);
      const began = performance.now();
      await nginx.reload(rendering, number);
      found.reloadMs.push(performance.now() - began);
      await waitFor('the old workers to end', () => listChildren(nginx.pid).length === WORKERS);
    }
    found.megabytes = sumPssMb([nginx.pid, ...listChildren(nginx.pid)]);
    return found;
  });

/** Reload time and memory of NGINX with an increasing number of servers. */
export const bench: Bench = async () => {
  const bundle = await buildGate();
  const all: (Found & { size: number })[] = [];
  for (const size of SIZES) all.push({ size, ...(await measureSize(size, bundle)) });
  return {
    title: 'Growth of NGINX',
    method: `Rendered by registry/publishing/render/render.ts from a plan of that number of servers (a prefix of two segments, one instance, one credential header each) and loaded by a real NGINX with ${WORKERS} workers. Reload: from writing the files and SIGHUP until only the new workers accept (checked every 25 ms); ${RELOADS} reloads. Memory: PSS of the master and all workers together, after the reloads, with no old worker left. \`nginx -t\`: as the registry runs it before each reload, ${RELOADS} times.`,
    columns: [
      'servers',
      'configuration',
      'render, ms',
      ...NGINX_KINDS.map(({ facts }) => `nginx -t of ${facts.version.join('.')}, ms`),
      'reload, ms',
      'memory (PSS)',
    ],
    rows: all.map(({ size, kilobytes, renderMs, testMs, reloadMs, megabytes }) => [
      String(size),
      `${kilobytes.toFixed(0)} KiB`,
      showSpread(renderMs, 0),
      ...testMs.map((times) => showSpread(times, 0)),
      showSpread(reloadMs, 0),
      `${megabytes.toFixed(0)} MB`,
    ]),
    bars: [],
    plot: renderPlot('reload of NGINX in ms, memory in MB', 'servers', [
      { name: 'reload, ms', points: all.map(({ size, reloadMs }) => [size, median(reloadMs)] as const) },
      { name: 'memory, MB', points: all.map(({ size, megabytes }) => [size, megabytes] as const) },
    ]),
  };
};
