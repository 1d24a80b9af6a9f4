import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleGate } from '../../../registry/publishing/bundle-gate.ts';
import { render } from '../../../registry/publishing/render.ts';
import { createBench, startBackend, until, type Bench } from './bench.ts';

let bench: Bench;
let backend: Awaited<ReturnType<typeof startBackend>>;
beforeEach(async () => {
  bench = await createBench({ render, gateBundle: await bundleGate(), timing: { watchMs: 50 } });
  backend = await startBackend('here');
  await bench.publisher.start();
});
afterEach(async () => {
  await bench.close();
  await backend.close();
});

describe('publishing what the renderer makes', () => {
  it('generation 0 serves, a server goes live, and its part can be shown', async () => {
    await bench.startNginx();
    await bench.publisher.idle();
    expect((await bench.publisher.current())?.number).toBe(0);
    expect((await bench.publisher.detail(0)).nginxOutput).toContain('test is successful');
    const { server, revision } = await bench.register('weather', backend.url);
    const stored = { ...server, instances: [{ ...server.instances[0]!, query: 'token=secret' }] };
    const changed = await bench.change({ ...stored, revision }, {});
    expect(await bench.publisher.whenLive(changed.revision, server.id)).toMatchObject({ applied: true });
    // No key: the gate of the new generation answers, not the one before, which knew no such path.
    expect((await bench.get('/weather/mcp')).status).toBe(401);
    const { text } = await bench.publisher.config('weather');
    expect(text).toContain(`server "${new URL(backend.url).host}"`);
    const files = Object.values(
      (await bench.publisher.detail(Number((await bench.publisher.current())?.number))).files,
    );
    expect(files.join('\n')).not.toContain('token=secret');
  });

  it('is back by itself when NGINX was killed and began with generation 0', async () => {
    await bench.startNginx();
    const { server, revision } = await bench.register('weather', backend.url);
    await bench.publisher.whenLive(revision);
    await bench.stopNginx('SIGKILL');
    await bench.startNginx(0);
    await until('live again', () => bench.publisher.appliedStatus({ ...server, revision }).applied === 'live');
    await bench.publisher.idle();
    expect((await bench.publisher.current())?.servers).toBe(1);
    expect(existsSync(`${bench.dataDir}/proven`)).toBe(true);
  });
});
