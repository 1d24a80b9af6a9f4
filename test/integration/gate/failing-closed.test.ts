import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listChildren } from '../../support/processes/list-processes.ts';
import { ask, callBody } from '../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../support/nginx/start-gate.ts';
import { waitFor } from '../../support/wait-for.ts';

describe.each(NGINX_KINDS)('a gate that fails in $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  let key: string;
  beforeAll(async () => {
    backend = await startRecordingBackend();
    gate = await startGate(kind, [{ path: 'weather', instances: [planInstance('i1', `${backend.url}/mcp`)] }]);
    key = gate.access.addAgent('bob');
  });
  afterAll(async () => {
    await gate.close();
    await backend.close();
  });

  const body = callBody('echo');
  /** Appends Lua to the gate to simulate a fault of it. */
  async function reloadWith(lua: string): Promise<void> {
    const file = join(gate.folders.confDir, 'gate.conf');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace(/mcpgw\.start\(\)\n\}\n$/, `${lua}\n}\n`));
    process.kill(gate.nginx.pid, 'SIGHUP');
  }
  /** Reloads, and waits until the previous workers have ended. */
  async function serveWith(lua: string): Promise<void> {
    const before = listChildren(gate.nginx.pid);
    await reloadWith(lua);
    await waitFor('the new worker alone', () => {
      const now = listChildren(gate.nginx.pid);
      return Promise.resolve(now.length === 1 && now.every((pid) => !before.includes(pid)));
    });
  }
  async function expectNothingPasses(): Promise<void> {
    const before = backend.requests.length;
    for (const question of [{ body, key }, { body }, { key }]) {
      const reply = await ask(gate.url, '/weather', question);
      expect(reply.status).toBe(503);
      expect(reply.json).toMatchObject({ error: { code: -32055, data: { reason: 'gate_failed' } } });
    }
    expect(backend.requests.length).toBe(before);
  }

  test('a Lua error causes 503, and nothing reaches the backend', async () => {
    expect((await ask(gate.url, '/weather', { body, key })).status).toBe(200);
    await serveWith('mcpgw.start() mcpgw.decide = function() error("boom") end');
    await expectNothingPasses();
  });

  test('a worker that could not start lets nothing pass', async () => {
    await gate.publish([{ path: 'weather', instances: [planInstance('i1', `${backend.url}/mcp`)] }]);
    await serveWith('mcpgw.start() mcpgw.startWorker = function() end');
    await expectNothingPasses();
  });

  test('a gate that cannot be loaded is rejected, and the previous one continues to work', async () => {
    await gate.publish([{ path: 'weather', instances: [planInstance('i1', `${backend.url}/mcp`)] }]);
    expect((await ask(gate.url, '/weather', { body, key })).status).toBe(200);
    await reloadWith('local a = = 1');
    await waitFor('the error of NGINX', () => Promise.resolve(gate.nginx.errorLog().includes('unexpected symbol')));
    expect((await ask(gate.url, '/weather', { body, key })).status).toBe(200);
  });
});
