import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../support/processes/free-ports.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setUpPublisher, type PublisherSetup, type PublisherSetupOptions } from './set-up-publisher.ts';
import { startBackend } from './start-backend.ts';
import { createSmallRender } from './small-render.ts';

let setup: PublisherSetup;
const endings: (() => unknown)[] = [];
async function begin(options: PublisherSetupOptions = {}): Promise<PublisherSetup> {
  setup = await setUpPublisher(options);
  await setup.publisher.start();
  await setup.startNginx();
  await setup.publisher.idle();
  return setup;
}
async function backend(text: string): Promise<string> {
  const started = await startBackend(text);
  endings.push(() => started.close());
  return started.url;
}
afterEach(async () => {
  await setup.close();
  for (const end of endings.splice(0).reverse()) await end();
});

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
const free = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

describe('a configuration that passes the test but cannot be served', () => {
  it('restores the previous one, reports why, and is published once it can be served', async () => {
    const port = await findFreePort();
    let usesPort = false;
    const render = createSmallRender({ ports: () => (usesPort ? [port] : []) });
    await begin({ render, timing: { retryMs: 300, checkMs: 20 } });
    const good = await setup.register('good', await backend('good'));
    const before = await setup.publisher.whenLive(good.revision);

    const taker = await occupy(port);
    usesPort = true;
    const other = await setup.register('other', await backend('other'));
    const outcome = await setup.publisher.whenLive(other.revision, other.server.id);
    expect(outcome.applied).toBe(false);
    expect(outcome.error).toMatch(new RegExp(`bind\\(\\) to 127.0.0.1:${port} failed`));
    const failed = (await setup.publisher.list({ limit: 10 })).find(({ state }) => state === 'failed');
    expect(failed?.error).toContain('Address already in use');
    expect(await setup.get('/which')).toEqual({ status: 200, text: String(before.generation) });
    expect(readlinkSync(join(setup.dataDir, 'current'))).toBe(`generations/${before.generation}`);
    expect((await setup.get('/good/mcp')).text).toBe('good');
    expect(setup.publisher.configurationStatus(other.server).configuration).toBe('pending');

    await free(taker);
    await waitFor(
      'it is live without another change',
      () => setup.publisher.configurationStatus(other.server).configuration === 'live',
    );
    expect((await setup.get('/other/mcp')).text).toBe('other');
  });

  it('falls back to generation 0 when the previous one cannot be served either', async () => {
    const port = await findFreePort();
    let usesPort = false;
    const render = createSmallRender({ ports: () => (usesPort ? [port] : []) });
    await begin({ render, timing: { verifyLimitMs: 4_000 } });
    const good = await setup.register('good', await backend('good'));
    const { generation } = await setup.publisher.whenLive(good.revision);
    const taker = await occupy(port);
    endings.push(() => free(taker));
    usesPort = true;
    // The live generation is damaged on disk: NGINX holds it in memory and cannot load it again.
    writeFileSync(join(setup.dataDir, 'generations', String(generation), 'nginx.conf'), 'nonsense');
    const other = await setup.register('other', await backend('other'));
    expect(await setup.publisher.whenLive(other.revision)).toMatchObject({ applied: false });
    expect(await setup.get('/which')).toEqual({ status: 200, text: '0' });
    expect((await setup.publisher.current())?.number).toBe(0);
  });
});

describe('a full disk', () => {
  const canMount = (() => {
    const folder = `/tmp/mcpgw-can-mount-${process.pid}`;
    try {
      mkdirSync(folder);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
      execFileSync('umount', [folder]);
      return true;
    } catch {
      return false;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  })();

  it.skipIf(!canMount)('while staging changes nothing, is reported, and is retried when there is space', async () => {
    let padding = '';
    const render = createSmallRender({ outside: () => padding });
    setup = await setUpPublisher({ render, timing: { retryMs: 200, checkMs: 20 } });
    const folder = join(setup.dataDir, 'generations');
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]);
    try {
      await setup.publisher.start();
      await setup.startNginx();
      const good = await setup.register('good', await backend('good'));
      const before = await setup.publisher.whenLive(good.revision);
      padding = `# ${'x'.repeat(400_000)}`;
      const other = await setup.register('other', await backend('other'));
      const outcome = await setup.publisher.whenLive(other.revision);
      expect(outcome.error).toContain('The disk is full (ENOSPC)');
      expect(outcome.applied).toBe(false);
      expect(await setup.get('/which')).toEqual({ status: 200, text: String(before.generation) });
      expect(existsSync(join(folder, `${Number(before.generation) + 1}.new`))).toBe(false);
      padding = '';
      await waitFor(
        'it is live without another change',
        () => setup.publisher.configurationStatus(other.server).configuration === 'live',
      );
    } finally {
      await setup.publisher.close();
      await setup.stopNginx();
      execFileSync('umount', ['-l', folder]);
    }
  });
});

describe('a registry that is killed', () => {
  it.each(['staged', 'verified'])(
    'when a generation was %s: the next start recovers and publishes the database',
    async (step) => {
      await begin();
      await setup.register('first', await backend('first'));
      await setup.publisher.idle();
      await setup.closeRegistry();
      const args = [
        join(import.meta.dirname, '../../fixtures/publishing-child.ts'),
        setup.dataDir,
        String(setup.port),
        step,
        await backend('second'),
      ];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      const signal = await new Promise((resolve) => child.once('exit', (_code, name) => resolve(name)));
      expect(signal, stderr).toBe('SIGKILL');
      // Between swap and record NGINX has the new generation already; before the swap it has the old one.
      expect((await setup.get('/second/mcp')).status).toBe(step === 'verified' ? 200 : 404);
      expect((await setup.get('/first/mcp')).status).toBe(200);

      const before = setup;
      setup = await setUpPublisher({ dataDir: before.dataDir, port: before.port });
      await setup.publisher.start();
      await setup.publisher.idle();
      expect((await setup.get('/second/mcp')).text).toBe('second');
      const rows = await setup.publisher.list({ limit: 20 });
      expect(rows.filter(({ state, number }) => state === 'staged' && number > 0)).toEqual([]);
      expect(rows.find(({ current }) => current)?.number).toBe(step === 'verified' ? 2 : 3);
      expect(setup.drains.at(-1)).toBe(false);
      await setup.closeRegistry();
      setup = before;
    },
  );
});

describe('an NGINX that is restarted', () => {
  it('on the generation that serves: nothing is published', async () => {
    await begin();
    const { revision } = await setup.register('good', await backend('good'));
    const { generation } = await setup.publisher.whenLive(revision);
    await setup.stopNginx('SIGKILL');
    await setup.startNginx();
    await setup.publisher.idle();
    expect((await setup.get('/which')).text).toBe(String(generation));
  });

  it('on an older generation: it is published again', async () => {
    await begin({ timing: { checkMs: 20 } });
    await setup.register('good', await backend('good'));
    await setup.publisher.idle();
    await setup.stopNginx('SIGKILL');
    await setup.startNginx(0);
    await waitFor('the server is served again', async () => (await setup.get('/good/mcp')).status === 200);
    await setup.publisher.idle();
    expect((await setup.publisher.current())?.cause).toMatch(/^NGINX (serves generation 0|runs again)/);
  });

  it('is waited for; meanwhile a change is stored and reported as pending', async () => {
    setup = await setUpPublisher({ timing: { startLimitMs: 300, checkMs: 20 } });
    await setup.publisher.start();
    const { server, revision } = await setup.register('good', await backend('good'));
    const outcome = await setup.publisher.whenLive(revision, server.id);
    expect(outcome).toMatchObject({ applied: false, generation: null });
    expect(outcome.error).toContain('NGINX is not running');
    const { hasEndedOnce, problem } = setup.publisher.progress();
    expect([hasEndedOnce, problem]).toEqual([false, outcome.error]);
    await setup.startNginx();
    // Generation 0 serving meanwhile does not count as the end of the first run.
    await waitFor('the first run ended', () => setup.publisher.progress().hasEndedOnce);
    expect((await setup.get('/good/mcp')).text).toBe('good');
    expect(setup.publisher.progress()).toEqual({ hasEndedOnce: true, problem: null });
    await waitFor(
      'it is live',
      () => setup.publisher.configurationStatus({ ...server, revision }).configuration === 'live',
    );
    expect(readFileSync(join(setup.dataDir, 'verified'), 'utf8')).toBe('1\n');
  });
});
