import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRig, OPERATOR, startBackend, type Rig } from './rig.ts';

let rig: Rig;
let backend: Awaited<ReturnType<typeof startBackend>>;
beforeEach(async () => {
  rig = await createRig();
  backend = await startBackend('here');
  await rig.publisher.start();
  await rig.startNginx();
  await rig.publisher.idle();
});
afterEach(async () => {
  await rig.close();
  await backend.close();
});

describe('rolling back', () => {
  it('serves the older generation, as a recorded change, until the next change', async () => {
    const one = await rig.register('one', backend.url);
    const first = await rig.publisher.whenLive(one.revision);
    const two = await rig.register('two', backend.url);
    const second = await rig.publisher.whenLive(two.revision);
    const before = Number(first.generation);

    expect(await rig.publisher.rollback(OPERATOR, before)).toMatchObject({
      number: before,
      current: true,
      state: 'verified',
    });
    expect((await rig.get('/two/mcp')).status).toBe(404);
    expect((await rig.get('/one/mcp')).status).toBe(200);
    expect(rig.publisher.configurationStatus(two.server)).toMatchObject({ configuration: 'pending' });
    expect(rig.publisher.configurationStatus(two.server).message).toContain(`rolled back to generation ${before}`);
    expect(await rig.publisher.whenLive(two.revision)).toMatchObject({
      applied: false,
      error: expect.stringContaining(`rolled back to generation ${before}`) as string,
    });
    const audit = (await rig.store.audit.list({ limit: 1 }))[0];
    expect(audit).toMatchObject({ action: 'generation.rolled_back', target: `generation ${before}`, actor: OPERATOR });
    expect(audit).toMatchObject({ before: { generation: second.generation }, after: { generation: before } });

    // What comes from nobody's hand does not undo it: a moved endpoint, a restart of the registry.
    rig.events.emit('endpoints.changed', { serverId: one.server.id, path: 'one' });
    await rig.publisher.idle();
    expect((await rig.get('/which')).text).toBe(String(before));
    await rig.closeRegistry();
    const again = await createRig({ dataDir: rig.dataDir, port: rig.port });
    await again.publisher.start();
    await again.publisher.idle();
    expect((await again.get('/which')).text).toBe(String(before));

    const three = await again.register('three', backend.url);
    expect(await again.publisher.whenLive(three.revision)).toMatchObject({ applied: true, generation: before + 2 });
    expect((await again.get('/two/mcp')).status).toBe(200);
    await again.closeRegistry();
  });

  it('does not go back to a gate that reads access files of another version, nor keep to it over an upgrade', async () => {
    const one = await rig.register('one', backend.url);
    const number = Number((await rig.publisher.whenLive(one.revision)).generation);
    const two = await rig.register('two', backend.url);
    await rig.publisher.whenLive(two.revision);
    const gate = join(rig.dataDir, 'generations', String(number), 'gate.conf');
    const write = (settings: string) => writeFileSync(gate, `GATE_SETTINGS = { accessDir = "/access/"${settings} }\n`);
    for (const settings of ['', ', accessVersion = 1']) {
      write(settings);
      await expect(rig.publisher.rollback(OPERATOR, number)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('would refuse every call') as string,
      });
    }
    expect((await rig.get('/two/mcp')).status).toBe(200);

    write(', accessVersion = 3');
    await rig.publisher.rollback(OPERATOR, number);
    expect((await rig.get('/two/mcp')).status).toBe(404);
    await rig.closeRegistry();
    write('');
    const again = await createRig({ dataDir: rig.dataDir, port: rig.port });
    await again.publisher.start();
    await again.publisher.idle();
    expect((await again.get('/two/mcp')).status).toBe(200);
    await again.closeRegistry();
  });

  it('shows what a generation changed and what the next would, and says what cannot be', async () => {
    const one = await rig.register('one', backend.url);
    const { generation } = await rig.publisher.whenLive(one.revision);
    const diff = await rig.publisher.diff(Number(generation), 0);
    expect(diff).toMatchObject({ from: 0, to: generation, changed: true });
    expect(diff.files[0]).toMatchObject({ name: 'nginx.conf' });
    expect(diff.files[0]?.diff).toContain('+    location = /one/mcp {');
    expect(await rig.publisher.preview()).toMatchObject({ from: generation, to: null, changed: false, files: [] });
    await rig.store.change(OPERATOR, 'server.registered', async (tx) => {
      await tx.servers.put({ ...one.server, id: 'quiet', path: 'quiet', headers: {}, revision: tx.revision });
      return { value: null, target: 'quiet' };
    });
    const preview = await rig.publisher.preview();
    expect(preview.files[0]?.diff).toContain('+    location = /quiet/mcp {');
    expect(preview.files[0]?.diff).not.toContain('one/mcp {\n-');
    await expect(rig.publisher.rollback(OPERATOR, 99)).rejects.toMatchObject({ code: 'not_found' });
    await expect(rig.publisher.diff(99)).rejects.toMatchObject({ code: 'not_found' });
    await expect(rig.publisher.config('nope')).rejects.toMatchObject({ code: 'not_found' });
  });
});
