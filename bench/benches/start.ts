import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { callOnce } from '../../test/support/faults/load/call-once.ts';
import { startGateway } from '../../test/support/gateway/start-gateway.ts';
import { startLightServers } from '../backends/start-light-servers.ts';
import { withClosers } from '../measure/closers.ts';
import { listFamily, readPssMb, sumPssMb } from '../measure/pss.ts';
import type { Bench } from '../measure/report.ts';
import { median, showSpread } from '../measure/statistics.ts';

const SERVERS = 10;
const ROUNDS = 5;

/** What a process is, in a word or two: its program, of Node its file, of NGINX its title. */
function nameProcess(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const file = words.find((word) => /\.[tj]s$/.test(word));
    return file?.split('/').slice(-2).join('/') ?? /^nginx: \w+/.exec(words[0] ?? '')?.[0] ?? basename(words[0] ?? '');
  } catch {
    return 'gone';
  }
}

/** start.sh on a folder with ten servers: how long until a call is answered, and what all its processes take. */
export const bench: Bench = () =>
  withClosers(async (keep) => {
    const { urls } = keep(await startLightServers(SERVERS));
    const parent = mkdtempSync(join(tmpdir(), 'mcpgw-bench-'));
    keep({
      close: () => {
        rmSync(parent, { recursive: true, force: true });
        return Promise.resolve();
      },
    });
    const options = { dataDir: join(parent, 'data') };
    const first = await startGateway(options);
    let key = '';
    try {
      for (const [index, url] of urls.entries()) await first.register({ path: `s${index}`, url });
      key = (await first.makeAgent(['*'])).key;
    } finally {
      await first.close();
    }
    const seconds: number[] = [];
    const megabytes: number[] = [];
    let parts = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const began = performance.now();
      const gateway = await startGateway({ ...options, env: pickSame(first.env) });
      try {
        for (let index = 0; index < SERVERS; index += 1) {
          const { text } = await callOnce(false, { url: gateway.url, path: `s${index}`, key }, 1);
          if (text !== '200') throw new Error(`s${index} was answered ${text} right after the start`);
        }
        seconds.push((performance.now() - began) / 1000);
        const family = listFamily(gateway.program.pid);
        megabytes.push(sumPssMb(family));
        parts = new Map();
        for (const pid of family) parts.set(nameProcess(pid), (parts.get(nameProcess(pid)) ?? 0) + readPssMb(pid));
      } finally {
        await gateway.close();
      }
    }
    const shown = [...parts].sort(([, one], [, other]) => other - one).filter(([, size]) => size >= 1);
    return {
      title: 'Start and memory',
      method: `\`scripts/start.sh\` on a folder that has ${SERVERS} servers, ${ROUNDS} times: from the start of the script until each of them has answered a call through the gateway (\`ready\` was printed, and an administrator has signed in on the way). Then the PSS of every process that it started. NGINX with as many workers as there are cores.`,
      columns: ['seconds', 'all processes (PSS)', 'of the last round'],
      rows: [
        [
          showSpread(seconds, 2),
          `${showSpread(megabytes, 0)} MB`,
          shown.map(([name, size]) => `${name} ${size.toFixed(0)}`).join(', '),
        ],
      ],
      bars: [
        {
          what: 'seconds to serving',
          bar: '≤ 3 s',
          value: `${median(seconds).toFixed(2)} s`,
          met: median(seconds) <= 3,
        },
        {
          what: 'all processes',
          bar: '≤ 250 MB',
          value: `${median(megabytes).toFixed(0)} MB`,
          met: median(megabytes) <= 250,
        },
      ],
    };
  });

/** The same administrator and ports at each start: with others, the verified generation is not used (scripts/start/supervise/stale-rendering.ts). */
function pickSame(env: Record<string, string>): Record<string, string> {
  const names = ['ADMIN_PASSWORD', 'GATEWAY_PORT', 'REGISTRY_PORT'];
  return Object.fromEntries(names.map((name) => [name, env[name] ?? '']));
}
