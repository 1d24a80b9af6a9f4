import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecords, type RunningRecords } from './start-records.ts';
import { ACCESS_VERSION } from '../../../../registry/contract/gate/access-version.ts';

let gate: RunningRecords | undefined;
afterEach(async () => {
  await gate?.close();
  gate = undefined;
});

const nameOf = (n: number) => createHash('sha256').update(String(n)).digest('hex');
/** Private memory of a process, in KB. */
const readPrivateKb = (pid: number) =>
  [...readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').matchAll(/^Private_\w+: +(\d+) kB/gm)].reduce(
    (sum, [, kb]) => sum + Number(kb),
    0,
  );

const CASES = NGINX_KINDS.flatMap((kind) => [
  { kind, keys: 10_000, grants: 3 },
  { kind, keys: 300, grants: 1_000 },
]);

test.each(CASES)(
  '$kind.name: $keys keys of $grants grants, and as many that do not exist, take at most 60 MB of a worker',
  async ({ kind, keys, grants }) => {
    const running = await startRecords({ kind });
    gate = running;
    const list = Array.from({ length: grants }, (_, n) => ({
      server: `team/server-${n}`,
      tools: n % 2 === 0 ? ['*'] : ['get_*', '!get_secret'],
    }));
    const put = (file: string, fields: object) =>
      writeFileSync(join(running.accessDir, file), JSON.stringify({ v: ACCESS_VERSION, ...fields }));
    put('gate.json', { drain: false, killed: null, sessionKey: 'k'.repeat(43) });
    put('servers/s0.json', { state: 'on', tools: null, instances: [{ id: 'i', up: true }] });
    for (let n = 0; n < keys; n += 1) {
      // No two keys have equal grants, which they would share.
      const own = [...list.slice(1), { server: `own/server-${n}`, tools: ['*'] }];
      put(`keys/${nameOf(n)}.json`, { agent: `agent-${n}`, enabled: true, grants: own, sessionKey: 'k'.repeat(43) });
    }
    const [line, other] = await gate.openLines();
    if (line === undefined || other === undefined) throw new Error('no line');

    const beforeKb = Number((await line.ask('stats')).split(' ')[3]);
    for (let round = 0; round < 2; round += 1)
      for (let n = 0; n < keys; n += 1) {
        expect(await line.ask(`ask ${nameOf(n)} s0`)).toBe('not_granted');
        expect(await line.ask(`ask ${nameOf(n + 1_000_000)} s0`)).toBe('key_missing');
      }
    const peakKb = readPrivateKb(line.pid);
    const heapKb = Number((await line.ask('stats')).split(' ')[3]) - beforeKb;

    expect(heapKb).toBeLessThan(40_000);
    expect(peakKb).toBeLessThan(60_000);
  },
);
