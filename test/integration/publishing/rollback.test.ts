import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBench, OPERATOR, startBackend, type Bench } from './bench.ts';

let bench: Bench;
let backend: Awaited<ReturnType<typeof startBackend>>;
beforeEach(async () => {
  bench = await createBench();
  backend = await startBackend('here');
  await bench.publisher.start();
  await bench.startNginx();
  await bench.publisher.idle();
});
afterEach(async () => {
  await bench.close();
  await backend.close();
});

describe('rolling back', () => {
  it('serves the older generation, as a recorded change, until the next change', async () => {
    const one = await bench.register('one', backend.url);
    const first = await bench.publisher.whenLive(one.revision);
    const two = await bench.register('two', backend.url);
    const second = await bench.publisher.whenLive(two.revision);
    const before = Number(first.generation);

    expect(await bench.publisher.rollback(OPERATOR, before)).toMatchObject({
      number: before,
      current: true,
      state: 'proven',
    });
    expect((await bench.get('/two/mcp')).status).toBe(404);
    expect((await bench.get('/one/mcp')).status).toBe(200);
    expect(bench.publisher.appliedStatus(two.server)).toMatchObject({ applied: 'pending' });
    expect(bench.publisher.appliedStatus(two.server).message).toContain(`rolled back to generation ${before}`);
    const audit = (await bench.store.audit.list({ limit: 1 }))[0];
    expect(audit).toMatchObject({ action: 'generation.rolled_back', target: `generation ${before}`, actor: OPERATOR });
    expect(audit).toMatchObject({ before: { generation: second.generation }, after: { generation: before } });

    // What comes from nobody's hand does not undo it: a moved endpoint, a restart of the registry.
    bench.events.emit('endpoints.changed', { serverId: one.server.id, path: 'one' });
    await bench.publisher.idle();
    expect((await bench.get('/which')).text).toBe(String(before));
    await bench.closeRegistry();
    const again = await createBench({ dataDir: bench.dataDir, port: bench.port });
    await again.publisher.start();
    await again.publisher.idle();
    expect((await again.get('/which')).text).toBe(String(before));

    const three = await again.register('three', backend.url);
    expect(await again.publisher.whenLive(three.revision)).toMatchObject({ applied: true, generation: before + 2 });
    expect((await again.get('/two/mcp')).status).toBe(200);
    await again.closeRegistry();
  });

  it('shows what a generation changed and what the next would, and says what cannot be', async () => {
    const one = await bench.register('one', backend.url);
    const { generation } = await bench.publisher.whenLive(one.revision);
    const diff = await bench.publisher.diff(Number(generation), 0);
    expect(diff).toMatchObject({ from: 0, to: generation, changed: true });
    expect(diff.files[0]).toMatchObject({ name: 'nginx.conf' });
    expect(diff.files[0]?.diff).toContain('+    location = /one/mcp {');
    expect(await bench.publisher.preview()).toMatchObject({ from: generation, to: null, changed: false, files: [] });
    await bench.store.change(OPERATOR, 'server.registered', async (tx) => {
      await tx.servers.put({ ...one.server, id: 'quiet', path: 'quiet', headers: {}, revision: tx.revision });
      return { value: null, target: 'quiet' };
    });
    const preview = await bench.publisher.preview();
    expect(preview.files[0]?.diff).toContain('+    location = /quiet/mcp {');
    expect(preview.files[0]?.diff).not.toContain('one/mcp {\n-');
    await expect(bench.publisher.rollback(OPERATOR, 99)).rejects.toMatchObject({ code: 'not_found' });
    await expect(bench.publisher.diff(99)).rejects.toMatchObject({ code: 'not_found' });
    await expect(bench.publisher.config('nope')).rejects.toMatchObject({ code: 'not_found' });
  });
});
