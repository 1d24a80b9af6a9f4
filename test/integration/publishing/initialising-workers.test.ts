import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { probeGeneration } from '../../../registry/publishing/reload/probe-generation.ts';
import { verifyGeneration } from '../../../registry/publishing/reload/verify.ts';
import { listWorkers } from '../../../registry/publishing/reload/workers.ts';
import { SYSTEM_NGINX } from '../../support/nginx/nginx-kinds.ts';
import { waitFor } from '../../support/wait-for.ts';

// A worker that is still being initialised has the process title of its master. It accepts connections as soon as it is ready, even if a
// later reload has begun meanwhile. Here the second worker of generation 2 is held in its initialisation by a FIFO without a writer.
let root: string;
let nginx: ChildProcess;
const at = (name: string) => join(root, name);

function writeConfig(number: number, held: boolean): void {
  const hold = held ? `if ngx.worker.id() == 1 then io.open("${at('hold')}", "r") end` : '';
  writeFileSync(
    at('nginx.conf'),
    `load_module ${SYSTEM_NGINX.facts.modulesDir}/ndk_http_module.so;
load_module ${SYSTEM_NGINX.facts.modulesDir}/ngx_http_lua_module.so;
daemon off; worker_processes 2; ${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${at('nginx.pid')}; error_log ${at('error.log')};
events {}
http {
  access_log off;
  init_worker_by_lua_block { ${hold} }
  server { listen unix:${at('generation.sock')}; location / { default_type text/plain; return 200 "${number} $pid\\n"; } }
}
`,
  );
}

const answer = () => probeGeneration(at('generation.sock'));
const master = () => nginx.pid ?? 0;
const accepting = async () => ((await listWorkers(master())) ?? []).filter((worker) => !worker.draining);
const isHeld = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('nginx: master');

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'mcpgw-workers-'));
  expect(spawnSync('mkfifo', [at('hold')]).status).toBe(0);
  writeConfig(1, false);
  const [program, ...before] = SYSTEM_NGINX.command;
  nginx = spawn(program, [...before, '-p', root, '-c', at('nginx.conf'), '-e', 'stderr'], { stdio: 'ignore' });
  await waitFor('NGINX to respond', async () => (await answer())?.number === 1);
});
afterEach(async () => {
  const ended = once(nginx, 'exit');
  // The master ends a worker that is held with SIGKILL.
  nginx.kill('SIGTERM');
  await ended;
  rmSync(root, { recursive: true, force: true });
});

test('a worker that is being initialised counts as an older one: the next reload waits for it', async () => {
  writeConfig(2, true);
  nginx.kill('SIGHUP');
  await waitFor('generation 2', async () => (await answer())?.number === 2);
  await waitFor('one worker in its initialisation', async () => {
    const workers = await accepting();
    return workers.length === 2 && workers.filter(({ pid }) => isHeld(pid)).length === 1;
  });
  const older = await accepting();
  const slow = older.find(({ pid }) => isHeld(pid))?.pid ?? 0;

  writeConfig(3, false);
  nginx.kill('SIGHUP');
  let verified: string | null | undefined;
  const verifying = verifyGeneration({
    number: 3,
    nginx: { master: () => Promise.resolve(master()), workers: listWorkers, answer },
    olderPids: new Set(older.map(({ pid }) => pid)),
    limitMs: 20_000,
  }).then((problem) => (verified = problem));
  await waitFor('the other older worker to stop accepting', async () =>
    (await accepting()).every(({ pid }) => pid === slow || !older.some((worker) => worker.pid === pid)),
  );
  await waitFor('generation 3', async () => (await answer())?.number === 3);
  expect(verified).toBeUndefined();

  closeSync(openSync(at('hold'), 'w'));
  expect(await verifying).toBeNull();
  expect((await accepting()).map(({ pid }) => pid)).not.toContain(slow);
});
