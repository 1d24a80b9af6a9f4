import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signIn } from '../../support/gateway/admin-client.ts';
import { callOnce } from '../../support/faults/load/call-once.ts';
import { startRecordingBackend } from '../../support/nginx/record-backend.ts';
import { listProcessesOf } from '../../support/processes/list-processes.ts';
import { runProgram, type RunningProgram } from '../../support/processes/run-program.ts';
import { createGatewayEnv, ROOT, startGateway } from '../../support/gateway/start-gateway.ts';

let parent: string;
let dataDir: string;
let program: RunningProgram | undefined;
let backend: Awaited<ReturnType<typeof startRecordingBackend>>;
let env: Record<string, string>;
let key: string;

/** A data folder with a registered server and an agent that may call it. */
beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), 'mcpgw-ready-'));
  dataDir = join(parent, 'data');
  program = undefined;
  backend = await startRecordingBackend();
  const gateway = await startGateway({ dataDir });
  try {
    ({ env } = gateway);
    await gateway.register({ path: 'weather', url: `${backend.url}/mcp`, transport: 'streamable-http' });
    ({ key } = await gateway.createAgent(['weather']));
  } finally {
    await gateway.close();
  }
});
afterEach(async () => {
  await program?.stop();
  await backend.close();
  expect(listProcessesOf(parent)).toEqual([]);
  rmSync(parent, { recursive: true, force: true });
});

const urlOf = ({ GATEWAY_PORT }: Record<string, string>) => `http://127.0.0.1:${GATEWAY_PORT}`;
const call = (url: string) => callOnce(false, { url, path: 'weather', key }, 1);

async function startAgain(settings: Record<string, string>): Promise<string> {
  program = runProgram(join(ROOT, 'scripts/start.sh'), [], { env: settings, cwd: parent });
  await program.line(/^ready$/);
  return urlOf(settings);
}

test('on other ports, ready means that registered servers are served', async () => {
  const url = await startAgain(await createGatewayEnv(dataDir));
  expect((await call(url)).text).toBe('200');
  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ status: 'ready', published: true });
});

test('a start that cannot publish still becomes ready for operators and reports the reason; a later publish repairs it', async () => {
  const generations = join(dataDir, 'generations');
  // Nothing verified is left to start with, and nothing can be written.
  for (const name of ['current', 'verified']) rmSync(join(dataDir, name));
  chmodSync(generations, 0o500);
  const url = await startAgain(env);
  try {
    expect(program?.stderr()).toMatch(/could not be published, so generation 0 .* is served/);
    expect((await fetch(`${url}/ui/`)).status).toBe(200);
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ generation: 0, published: false });
    expect((await call(url)).text).toMatch(/^404/);
    const admin = await signIn(url, 'admin', env['ADMIN_PASSWORD'] ?? '');
    const health = await admin.must('GET', '/health');
    expect(health).toMatchObject({ status: 'degraded', error: expect.stringMatching(/EACCES.*generations/) as string });
    expect(await admin.must('GET', '/api/servers/weather')).toMatchObject({ configuration: 'pending' });

    chmodSync(generations, 0o700);
    await admin.must('PATCH', '/api/servers/weather', { description: 'asks for a publish' });
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ published: true });
    expect((await call(url)).text).toBe('200');
  } finally {
    chmodSync(generations, 0o700);
  }
});
