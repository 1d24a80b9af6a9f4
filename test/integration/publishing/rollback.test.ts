import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCESS_VERSION } from '../../../registry/contract/gate/access-version.ts';
import { setUpPublisher, OPERATOR, type PublisherSetup } from './set-up-publisher.ts';
import { startBackend } from './start-backend.ts';

let setup: PublisherSetup;
let backend: Awaited<ReturnType<typeof startBackend>>;
beforeEach(async () => {
  setup = await setUpPublisher();
  backend = await startBackend('here');
  await setup.publisher.start();
  await setup.startNginx();
  await setup.publisher.idle();
});
afterEach(async () => {
  await setup.close();
  await backend.close();
});

describe('rolling back', () => {
  it('serves the older generation, as a recorded change, until the next change', async () => {
    const one = await setup.register('one', backend.url);
    const first = await setup.publisher.whenLive(one.revision);
    const two = await setup.register('two', backend.url);
    const second = await setup.publisher.whenLive(two.revision);
    const before = Number(first.generation);

    expect(await setup.publisher.rollback(OPERATOR, before)).toMatchObject({
      number: before,
      current: true,
      state: 'verified',
    });
    expect((await setup.get('/two/mcp')).status).toBe(404);
    expect((await setup.get('/one/mcp')).status).toBe(200);
    expect(setup.publisher.configurationStatus(two.server)).toMatchObject({ configuration: 'pending' });
    expect(setup.publisher.configurationStatus(two.server).message).toContain(`rolled back to generation ${before}`);
    expect(await setup.publisher.whenLive(two.revision)).toMatchObject({
      applied: false,
      error: expect.stringContaining(`rolled back to generation ${before}`) as string,
    });
    const audit = (await setup.store.audit.list({ limit: 1 }))[0];
    expect(audit).toMatchObject({ action: 'generation.rolled_back', target: `generation ${before}`, actor: OPERATOR });
    expect(audit).toMatchObject({ before: { generation: second.generation }, after: { generation: before } });

    // An automatic change does not undo it: a moved endpoint, a restart of the registry.
    setup.events.emit('endpoints.changed', { serverId: one.server.id, path: 'one' });
    await setup.publisher.idle();
    expect((await setup.get('/which')).text).toBe(String(before));
    await setup.closeRegistry();
    const again = await setUpPublisher({ dataDir: setup.dataDir, port: setup.port });
    await again.publisher.start();
    await again.publisher.idle();
    expect((await again.get('/which')).text).toBe(String(before));

    const three = await again.register('three', backend.url);
    expect(await again.publisher.whenLive(three.revision)).toMatchObject({ applied: true, generation: before + 2 });
    expect((await again.get('/two/mcp')).status).toBe(200);
    await again.closeRegistry();
  });

  it('refuses a generation whose gate reads another version of access files, and ends a rollback to one after an upgrade', async () => {
    const one = await setup.register('one', backend.url);
    const number = Number((await setup.publisher.whenLive(one.revision)).generation);
    const two = await setup.register('two', backend.url);
    await setup.publisher.whenLive(two.revision);
    const gate = join(setup.dataDir, 'generations', String(number), 'gate.conf');
    const write = (settings: string) => writeFileSync(gate, `GATE_SETTINGS = { accessDir = "/access/"${settings} }\n`);
    for (const settings of ['', ', accessVersion = 1']) {
      write(settings);
      await expect(setup.publisher.rollback(OPERATOR, number)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('would refuse every call') as string,
      });
    }
    expect((await setup.get('/two/mcp')).status).toBe(200);

    write(`, accessVersion = ${ACCESS_VERSION}`);
    await setup.publisher.rollback(OPERATOR, number);
    expect((await setup.get('/two/mcp')).status).toBe(404);
    await setup.closeRegistry();
    write('');
    const again = await setUpPublisher({ dataDir: setup.dataDir, port: setup.port });
    await again.publisher.start();
    await again.publisher.idle();
    expect((await again.get('/two/mcp')).status).toBe(200);
    await again.closeRegistry();
  });

  it('shows the changes of a generation and of the next one, and refuses unknown numbers and paths', async () => {
    const one = await setup.register('one', backend.url);
    const { generation } = await setup.publisher.whenLive(one.revision);
    const diff = await setup.publisher.diff(Number(generation), 0);
    expect(diff).toMatchObject({ from: 0, to: generation, changed: true });
    expect(diff.files[0]).toMatchObject({ name: 'nginx.conf' });
    expect(diff.files[0]?.diff).toContain('+    location = /one/mcp {');
    expect(await setup.publisher.preview()).toMatchObject({ from: generation, to: null, changed: false, files: [] });
    await setup.store.change(OPERATOR, 'server.registered', async (tx) => {
      await tx.servers.put({ ...one.server, id: 'quiet', path: 'quiet', headers: {}, revision: tx.revision });
      return { value: null, target: 'quiet' };
    });
    const preview = await setup.publisher.preview();
    expect(preview.files[0]?.diff).toContain('+    location = /quiet/mcp {');
    expect(preview.files[0]?.diff).not.toContain('one/mcp {\n-');
    await expect(setup.publisher.rollback(OPERATOR, 99)).rejects.toMatchObject({ code: 'not_found' });
    await expect(setup.publisher.diff(99)).rejects.toMatchObject({ code: 'not_found' });
    await expect(setup.publisher.config('nope')).rejects.toMatchObject({ code: 'not_found' });
  });
});
