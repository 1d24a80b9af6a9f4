import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRig, startBackend, type Rig } from './rig.ts';

let rig: Rig;
let backend: Awaited<ReturnType<typeof startBackend>>;
beforeEach(async () => {
  rig = await createRig();
  backend = await startBackend('from the backend');
  await rig.publisher.start();
  await rig.startNginx();
});
afterEach(async () => {
  await rig.close();
  await backend.close();
});

describe('publishing', () => {
  it('makes a registered server live and says so', async () => {
    await rig.publisher.idle();
    const { server, revision } = await rig.register('weather', backend.url);
    const outcome = await rig.publisher.whenLive(revision, server.id);
    expect(outcome).toMatchObject({ applied: true, error: null });
    expect(await rig.get('/weather/mcp')).toEqual({ status: 200, text: 'from the backend' });
    expect(await rig.get('/which')).toEqual({ status: 200, text: String(outcome.generation) });
    expect(rig.publisher.configurationStatus(server)).toEqual({ configuration: 'live', message: null });
    const items = await rig.publisher.list({ limit: 5 });
    expect(items[0]).toMatchObject({
      number: outcome.generation,
      state: 'verified',
      current: true,
      revision,
      servers: 1,
    });
    expect(readlinkSync(join(rig.dataDir, 'current'))).toBe(`generations/${outcome.generation}`);
    expect(readFileSync(join(rig.dataDir, 'verified'), 'utf8')).toBe(`${outcome.generation}\n`);
    const folder = join(rig.dataDir, 'generations', String(outcome.generation));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'nginx.conf')).mode & 0o777).toBe(0o600);
    expect(rig.drains.at(-1)).toBe(false);
    expect(rig.drains).toContain(true);
    expect((await rig.publisher.config('weather')).text).toContain(`proxy_pass ${backend.url}/mcp;`);
  });

  it('does not reload for equal bytes, and the change counts as live', async () => {
    const { server, revision } = await rig.register('weather', backend.url);
    const first = await rig.publisher.whenLive(revision, server.id);
    const before = (await rig.publisher.workers()).workers;
    const changed = await rig.change(server, { description: 'another text' });
    const outcome = await rig.publisher.whenLive(changed.revision, server.id);
    expect(outcome).toEqual({ applied: true, generation: first.generation, error: null });
    expect((await rig.publisher.workers()).workers.map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
    expect((await rig.publisher.list({ limit: 1 }))[0]).toMatchObject({
      number: first.generation,
      revision: changed.revision,
    });
  });

  it('turns a server off and on again', async () => {
    const { server, revision } = await rig.register('weather', backend.url);
    await rig.publisher.whenLive(revision);
    const off = await rig.change(server, { enabled: false });
    expect(rig.publisher.configurationStatus(off.server).configuration).toBe('pending');
    expect(await rig.publisher.whenLive(off.revision, server.id)).toMatchObject({ applied: true });
    expect(rig.publisher.configurationStatus(off.server).configuration).toBe('off');
    expect((await rig.get('/weather/mcp')).status).toBe(404);
    const on = await rig.change(off.server, { enabled: true });
    await rig.publisher.whenLive(on.revision);
    expect((await rig.get('/weather/mcp')).status).toBe(200);
  });
});
