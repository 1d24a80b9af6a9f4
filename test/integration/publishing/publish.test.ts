import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBench, startBackend, type Bench } from './bench.ts';

let bench: Bench;
let backend: Awaited<ReturnType<typeof startBackend>>;
beforeEach(async () => {
  bench = await createBench();
  backend = await startBackend('from the backend');
  await bench.publisher.start();
  await bench.startNginx();
});
afterEach(async () => {
  await bench.close();
  await backend.close();
});

describe('publishing', () => {
  it('makes a registered server live and says so', async () => {
    await bench.publisher.idle();
    const { server, revision } = await bench.register('weather', backend.url);
    const outcome = await bench.publisher.whenLive(revision, server.id);
    expect(outcome).toMatchObject({ applied: true, error: null });
    expect(await bench.get('/weather/mcp')).toEqual({ status: 200, text: 'from the backend' });
    expect(await bench.get('/which')).toEqual({ status: 200, text: String(outcome.generation) });
    expect(bench.publisher.appliedStatus(server)).toEqual({ applied: 'live', message: null });
    const items = await bench.publisher.list({ limit: 5 });
    expect(items[0]).toMatchObject({
      number: outcome.generation,
      state: 'proven',
      current: true,
      revision,
      servers: 1,
    });
    expect(readlinkSync(join(bench.dataDir, 'current'))).toBe(`generations/${outcome.generation}`);
    expect(readFileSync(join(bench.dataDir, 'proven'), 'utf8')).toBe(`${outcome.generation}\n`);
    const folder = join(bench.dataDir, 'generations', String(outcome.generation));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'nginx.conf')).mode & 0o777).toBe(0o600);
    expect(bench.drains.at(-1)).toBe(false);
    expect(bench.drains).toContain(true);
    expect((await bench.publisher.config('weather')).text).toContain(`proxy_pass ${backend.url}/mcp;`);
  });

  it('does not reload for equal bytes, and the change counts as live', async () => {
    const { server, revision } = await bench.register('weather', backend.url);
    const first = await bench.publisher.whenLive(revision, server.id);
    const before = (await bench.publisher.workers()).workers;
    const changed = await bench.change(server, { description: 'another text' });
    const outcome = await bench.publisher.whenLive(changed.revision, server.id);
    expect(outcome).toEqual({ applied: true, generation: first.generation, error: null });
    expect((await bench.publisher.workers()).workers.map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
    expect((await bench.publisher.list({ limit: 1 }))[0]).toMatchObject({
      number: first.generation,
      revision: changed.revision,
    });
  });

  it('turns a server off and on again', async () => {
    const { server, revision } = await bench.register('weather', backend.url);
    await bench.publisher.whenLive(revision);
    const off = await bench.change(server, { enabled: false });
    expect(bench.publisher.appliedStatus(off.server).applied).toBe('pending');
    expect(await bench.publisher.whenLive(off.revision, server.id)).toMatchObject({ applied: true });
    expect(bench.publisher.appliedStatus(off.server).applied).toBe('off');
    expect((await bench.get('/weather/mcp')).status).toBe(404);
    const on = await bench.change(off.server, { enabled: true });
    await bench.publisher.whenLive(on.revision);
    expect((await bench.get('/weather/mcp')).status).toBe(200);
  });
});
