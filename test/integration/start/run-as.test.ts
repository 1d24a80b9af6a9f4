import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listProcessesOf } from '../../support/processes/list-processes.ts';
import { createGatewayEnv, ROOT } from '../../support/gateway/start-gateway.ts';
import { runProgram, type RunningProgram } from '../../support/processes/run-program.ts';

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;
const START = join(ROOT, 'scripts/start.sh');

let parent: string;
let program: RunningProgram | undefined;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'mcpgw-run-as-'));
  program = undefined;
});
afterEach(async () => {
  await program?.stop();
  expect(listProcessesOf(parent)).toEqual([]);
  rmSync(parent, { recursive: true, force: true });
});

/** Users of the processes; one that has just ended has none. /proc/<pid> itself is root's while a process changes its user (proc(5)). */
function ownersOf(): Set<number> {
  const owners = new Set<number>();
  for (const { pid } of listProcessesOf(parent))
    try {
      owners.add(Number(/^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]));
    } catch {
      // It has ended.
    }
  return owners;
}

test.runIf(IS_ROOT)(
  'started by root it runs as mcpgw: root owns no process and no file, and a 0700 parent gets search permission alone',
  async () => {
    const env = await createGatewayEnv(join(parent, 'data'));
    program = runProgram(START, [], { env, cwd: ROOT });
    await program.line(/^ready$/);
    expect(program.stderr()).toContain(`setfacl -m u:mcpgw:--x ${parent}`);
    const owner = statSync(join(parent, 'data')).uid;
    expect(owner).not.toBe(0);
    expect(ownersOf()).toEqual(new Set([owner]));
    for (const name of readdirSync(join(parent, 'data')))
      expect([name, statSync(join(parent, 'data', name)).uid]).toEqual([name, owner]);
  },
);

test.runIf(IS_ROOT)('started by an ordinary user it runs as that user', async () => {
  chownSync(parent, NOBODY, NOBODY);
  const env = await createGatewayEnv(join(parent, 'data'));
  program = runProgram('setpriv', [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', START], {
    env,
    cwd: '/',
  });
  await program.line(/^ready$/);
  expect(ownersOf()).toEqual(new Set([NOBODY]));
});

test.runIf(IS_ROOT)('root does not change the owner of a folder that contains other files', async () => {
  const folder = join(parent, 'documents');
  mkdirSync(folder);
  writeFileSync(join(folder, 'letter.txt'), 'dear');
  chmodSync(folder, 0o755);
  const env = await createGatewayEnv(folder);
  program = runProgram(START, [], { env, cwd: ROOT });
  expect(await program.ended).toBe(1);
  expect(program.stderr()).toMatch(/documents \(DATA_DIR\) contains other files/);
  expect(statSync(join(folder, 'letter.txt')).uid).toBe(0);
  expect(statSync(folder).mode & 0o777).toBe(0o755);
});

test('two gateways run side by side', async () => {
  const [one, two] = [await createGatewayEnv(join(parent, 'one')), await createGatewayEnv(join(parent, 'two'))];
  program = runProgram(START, [], { env: one, cwd: ROOT });
  const other = runProgram(START, [], { env: two, cwd: ROOT });
  try {
    await program.line(/^ready$/);
    await other.line(/^ready$/);
    for (const env of [one, two])
      expect((await fetch(`http://127.0.0.1:${env['GATEWAY_PORT']}/readyz`)).status).toBe(200);
  } finally {
    expect(await other.stop()).toBe(0);
  }
});
