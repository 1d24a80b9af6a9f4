import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createBench, findFreePort, startBackend, until, type Bench, type BenchOptions } from './bench.ts';
import { createSmallRender } from './small-render.ts';

let bench: Bench;
const endings: (() => unknown)[] = [];
async function begin(options: BenchOptions = {}): Promise<Bench> {
  bench = await createBench(options);
  await bench.publisher.start();
  await bench.startNginx();
  await bench.publisher.idle();
  return bench;
}
async function backend(text: string): Promise<string> {
  const started = await startBackend(text);
  endings.push(() => started.close());
  return started.url;
}
afterEach(async () => {
  await bench.close();
  for (const end of endings.splice(0).reverse()) await end();
});

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
const free = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

describe('a configuration that passes the test but cannot be served', () => {
  it('goes back to the one before, says why, and is published when it can be', async () => {
    const port = await findFreePort();
    let wanted = false;
    const render = createSmallRender({ ports: () => (wanted ? [port] : []) });
    await begin({ render, timing: { retryMs: 300, watchMs: 20 } });
    const good = await bench.register('good', await backend('good'));
    const before = await bench.publisher.whenLive(good.revision);

    const taker = await occupy(port);
    wanted = true;
    const other = await bench.register('other', await backend('other'));
    const outcome = await bench.publisher.whenLive(other.revision, other.server.id);
    expect(outcome.applied).toBe(false);
    expect(outcome.error).toMatch(new RegExp(`bind\\(\\) to 127.0.0.1:${port} failed`));
    const failed = (await bench.publisher.list({ limit: 10 })).find(({ state }) => state === 'failed');
    expect(failed?.error).toContain('Address already in use');
    expect(await bench.get('/which')).toEqual({ status: 200, text: String(before.generation) });
    expect(readlinkSync(join(bench.dataDir, 'current'))).toBe(`generations/${before.generation}`);
    expect((await bench.get('/good/mcp')).text).toBe('good');
    expect(bench.publisher.appliedStatus(other.server).applied).toBe('pending');

    await free(taker);
    await until('it is live by itself', () => bench.publisher.appliedStatus(other.server).applied === 'live');
    expect((await bench.get('/other/mcp')).text).toBe('other');
  });

  it('falls to generation 0 when not even the one before can be served', async () => {
    const port = await findFreePort();
    let wanted = false;
    const render = createSmallRender({ ports: () => (wanted ? [port] : []) });
    await begin({ render, timing: { proofLimitMs: 4_000 } });
    const good = await bench.register('good', await backend('good'));
    const { generation } = await bench.publisher.whenLive(good.revision);
    const taker = await occupy(port);
    endings.push(() => free(taker));
    wanted = true;
    // Somebody spoils the generation that serves: NGINX holds it in memory, and cannot load it again.
    writeFileSync(join(bench.dataDir, 'generations', String(generation), 'nginx.conf'), 'nonsense');
    const other = await bench.register('other', await backend('other'));
    expect(await bench.publisher.whenLive(other.revision)).toMatchObject({ applied: false });
    expect(await bench.get('/which')).toEqual({ status: 200, text: '0' });
    expect((await bench.publisher.current())?.number).toBe(0);
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

  it.skipIf(!canMount)('while staging changes nothing, is said, and heals when there is space', async () => {
    let padding = '';
    const render = createSmallRender({ outside: () => padding });
    bench = await createBench({ render, timing: { retryMs: 200, watchMs: 20 } });
    const folder = join(bench.dataDir, 'generations');
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]);
    try {
      await bench.publisher.start();
      await bench.startNginx();
      const good = await bench.register('good', await backend('good'));
      const before = await bench.publisher.whenLive(good.revision);
      padding = `# ${'x'.repeat(400_000)}`;
      const other = await bench.register('other', await backend('other'));
      const outcome = await bench.publisher.whenLive(other.revision);
      expect(outcome.error).toContain('the disk is full (ENOSPC)');
      expect(outcome.applied).toBe(false);
      expect(await bench.get('/which')).toEqual({ status: 200, text: String(before.generation) });
      expect(existsSync(join(folder, `${Number(before.generation) + 1}.new`))).toBe(false);
      padding = '';
      await until('it is live by itself', () => bench.publisher.appliedStatus(other.server).applied === 'live');
    } finally {
      await bench.publisher.close();
      await bench.stopNginx();
      execFileSync('umount', ['-l', folder]);
    }
  });
});

describe('a registry that is killed', () => {
  it.each(['staged', 'proven'])('when a generation was %s: the next start converges to the database', async (step) => {
    await begin();
    await bench.register('first', await backend('first'));
    await bench.publisher.idle();
    await bench.closeRegistry();
    const args = [
      join(import.meta.dirname, '../../fixtures/publishing-child.ts'),
      bench.dataDir,
      String(bench.port),
      step,
      await backend('second'),
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    const signal = await new Promise((resolve) => child.once('exit', (_code, name) => resolve(name)));
    expect(signal, words).toBe('SIGKILL');
    // Between swap and record NGINX has the new generation already; before the swap it has the old one.
    expect((await bench.get('/second/mcp')).status).toBe(step === 'proven' ? 200 : 404);
    expect((await bench.get('/first/mcp')).status).toBe(200);

    const before = bench;
    bench = await createBench({ dataDir: before.dataDir, port: before.port });
    await bench.publisher.start();
    await bench.publisher.idle();
    expect((await bench.get('/second/mcp')).text).toBe('second');
    const rows = await bench.publisher.list({ limit: 20 });
    expect(rows.filter(({ state, number }) => state === 'staged' && number > 0)).toEqual([]);
    expect(rows.find(({ current }) => current)?.number).toBe(step === 'proven' ? 2 : 3);
    expect(bench.drains.at(-1)).toBe(false);
    await bench.closeRegistry();
    bench = before;
  });
});

describe('NGINX that is started anew', () => {
  it('on the generation that serves: nothing is published', async () => {
    await begin();
    const { revision } = await bench.register('good', await backend('good'));
    const { generation } = await bench.publisher.whenLive(revision);
    await bench.stopNginx('SIGKILL');
    await bench.startNginx();
    await bench.publisher.idle();
    expect((await bench.get('/which')).text).toBe(String(generation));
  });

  it('on an older generation: it is published anew', async () => {
    await begin({ timing: { watchMs: 20 } });
    await bench.register('good', await backend('good'));
    await bench.publisher.idle();
    await bench.stopNginx('SIGKILL');
    await bench.startNginx(0);
    await until('the server is served again', async () => (await bench.get('/good/mcp')).status === 200);
    await bench.publisher.idle();
    expect((await bench.publisher.current())?.cause).toMatch(/^NGINX (serves generation 0|runs again)/);
  });

  it('is waited for; while there is none the change is kept and said to be pending', async () => {
    bench = await createBench({ timing: { startLimitMs: 300, watchMs: 20 } });
    await bench.publisher.start();
    const { server, revision } = await bench.register('good', await backend('good'));
    const outcome = await bench.publisher.whenLive(revision, server.id);
    expect(outcome).toMatchObject({ applied: false, generation: null });
    expect(outcome.error).toContain('NGINX is not running');
    const { hasEndedOnce, problem } = bench.publisher.progress();
    expect([hasEndedOnce, problem]).toEqual([false, outcome.error]);
    await bench.startNginx();
    // Whoever is told that it ended finds the server there: that NGINX serves generation 0 meanwhile is not the end.
    await until('the first run ended', () => bench.publisher.progress().hasEndedOnce);
    expect((await bench.get('/good/mcp')).text).toBe('good');
    expect(bench.publisher.progress()).toEqual({ hasEndedOnce: true, problem: null });
    await until('it is live', () => bench.publisher.appliedStatus({ ...server, revision }).applied === 'live');
    expect(readFileSync(join(bench.dataDir, 'proven'), 'utf8')).toBe('1\n');
  });
});
