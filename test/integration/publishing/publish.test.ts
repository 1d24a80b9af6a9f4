import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { setUpPublisher, type PublisherSetup } from './set-up-publisher.ts';
import { startBackend } from './start-backend.ts';

let setup: PublisherSetup;
let backend: Awaited<ReturnType<typeof startBackend>>;
beforeEach(async () => {
  setup = await setUpPublisher();
  backend = await startBackend('from the backend');
  await setup.publisher.start();
  await setup.startNginx();
});
afterEach(async () => {
  await setup.close();
  await backend.close();
});

describe('publishing', () => {
  it('makes a registered server live and reports it', async () => {
    await setup.publisher.idle();
    const { server, revision } = await setup.register('weather', backend.url);
    const outcome = await setup.publisher.whenLive(revision, server.id);
    expect(outcome).toMatchObject({ applied: true, error: null });
    expect(await setup.get('/weather/mcp')).toEqual({ status: 200, text: 'from the backend' });
    expect(await setup.get('/which')).toEqual({ status: 200, text: String(outcome.generation) });
    expect(setup.publisher.configurationStatus(server)).toEqual({ configuration: 'live', message: null, since: null });
    const items = await setup.publisher.list({ limit: 5 });
    expect(items[0]).toMatchObject({
      number: outcome.generation,
      state: 'verified',
      current: true,
      revision,
      servers: 1,
    });
    expect(readlinkSync(join(setup.dataDir, 'current'))).toBe(`generations/${outcome.generation}`);
    expect(readFileSync(join(setup.dataDir, 'verified'), 'utf8')).toBe(`${outcome.generation}\n`);
    const folder = join(setup.dataDir, 'generations', String(outcome.generation));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'nginx.conf')).mode & 0o777).toBe(0o600);
    expect(setup.drains.at(-1)).toBe(false);
    expect(setup.drains).toContain(true);
    expect((await setup.publisher.config('weather')).text).toContain(`proxy_pass ${backend.url}/mcp;`);
  });

  it('sets the drain flag when a registration begins, and clears it when that fails', async () => {
    await setup.publisher.idle();
    setup.drains.length = 0;
    setup.events.emit('servers.changing', { count: 1, willReload: true });
    await waitFor('the flag is set', () => setup.drains.at(-1) === true);
    setup.events.emit('servers.changing', { count: 0 });
    await waitFor('the flag is cleared', () => setup.drains.at(-1) === false);
    expect(setup.drains).toEqual([true, false]);
  });

  it('does not reload for an equal configuration, and the change counts as live', async () => {
    const { server, revision } = await setup.register('weather', backend.url);
    const first = await setup.publisher.whenLive(revision, server.id);
    const before = (await setup.publisher.workers()).workers;
    const changed = await setup.change(server, { description: 'another text' });
    const outcome = await setup.publisher.whenLive(changed.revision, server.id);
    expect(outcome).toEqual({ applied: true, generation: first.generation, error: null });
    expect((await setup.publisher.workers()).workers.map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
    expect((await setup.publisher.list({ limit: 1 }))[0]).toMatchObject({
      number: first.generation,
      revision: changed.revision,
    });
  });

  it('disables a server and enables it again', async () => {
    const { server, revision } = await setup.register('weather', backend.url);
    await setup.publisher.whenLive(revision);
    const off = await setup.change(server, { enabled: false });
    expect(setup.publisher.configurationStatus(off.server).configuration).toBe('pending');
    expect(await setup.publisher.whenLive(off.revision, server.id)).toMatchObject({ applied: true });
    expect(setup.publisher.configurationStatus(off.server).configuration).toBe('off');
    expect((await setup.get('/weather/mcp')).status).toBe(404);
    const on = await setup.change(off.server, { enabled: true });
    await setup.publisher.whenLive(on.revision);
    expect((await setup.get('/weather/mcp')).status).toBe(200);
  });
});
