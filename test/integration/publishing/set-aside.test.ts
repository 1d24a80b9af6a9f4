import { afterEach, describe, expect, it } from 'vitest';
import { createBench, startBackend, until, type Bench, type BenchOptions } from './bench.ts';
import { createSmallRender } from './small-render.ts';

let bench: Bench;
const backends: Awaited<ReturnType<typeof startBackend>>[] = [];
async function begin(options: BenchOptions): Promise<void> {
  bench = await createBench(options);
  await bench.publisher.start();
  await bench.startNginx();
  await bench.publisher.idle();
}
async function backend(text: string): Promise<string> {
  backends.push(await startBackend(text));
  return backends.at(-1)!.url;
}
afterEach(async () => {
  await bench.close();
  for (const one of backends.splice(0)) await one.close();
});

describe('a server that NGINX does not accept', () => {
  it('is set aside with the words of NGINX, the rest go on, and it comes back when it changes', async () => {
    let bad = true;
    await begin({ render: createSmallRender({ lineOf: (path) => (bad && path === 'bad' ? 'nonsense on;' : '') }) });
    const first = await bench.register('bad', await backend('bad'));
    const good = await bench.register('good', await backend('good'));
    const outcome = await bench.publisher.whenLive(first.revision, first.server.id);
    expect(outcome).toMatchObject({ applied: false, error: 'NGINX: unknown directive "nonsense"' });
    expect(await bench.publisher.whenLive(good.revision, good.server.id)).toMatchObject({ applied: true, error: null });
    expect(bench.publisher.appliedStatus(first.server)).toEqual({
      applied: 'set_aside',
      message: 'NGINX: unknown directive "nonsense"',
    });
    expect((await bench.get('/good/mcp')).text).toBe('good');
    expect((await bench.get('/bad/mcp')).status).toBe(404);
    expect((await bench.publisher.current())?.setAside.map(({ path }) => path)).toEqual(['bad']);

    bad = false;
    const changed = await bench.change(first.server, { description: 'mended' });
    expect(await bench.publisher.whenLive(changed.revision, first.server.id)).toMatchObject({ applied: true });
    expect((await bench.get('/bad/mcp')).text).toBe('bad');
  });

  it('comes back by itself, and trying it again makes no generation while it fails', async () => {
    let bad = true;
    let tries = 0;
    const lineOf = (path: string) => (path === 'bad' && ++tries > 0 && bad ? 'nonsense on;' : '');
    await begin({ render: createSmallRender({ lineOf }), timing: { retryMs: 100, watchMs: 20 } });
    const { server, revision } = await bench.register('bad', await backend('bad'));
    await bench.publisher.whenLive(revision, server.id);
    const number = (await bench.publisher.current())?.number;
    const before = tries;
    await until('it was tried again', () => tries > before + 6);
    await bench.publisher.idle();
    expect((await bench.publisher.current())?.number).toBe(number);
    bad = false;
    await until('it is live', () => bench.publisher.appliedStatus({ ...server, revision }).applied === 'live');
    expect((await bench.get('/bad/mcp')).text).toBe('bad');
  });

  it("is found by halves when the failing line is nobody's", async () => {
    const odd = new Set(['s3', 's7']);
    const outside = (paths: string[]) => (paths.some((path) => odd.has(path)) ? 'nonsense on;' : '');
    await begin({ render: createSmallRender({ outside }) });
    const url = await backend('here');
    const all = await Promise.all(Array.from({ length: 10 }, (_, i) => bench.register(`s${i}`, url)));
    await bench.publisher.whenLive(all.at(-1)!.revision);
    const applied = all.map(({ server, revision }) => bench.publisher.appliedStatus({ ...server, revision }).applied);
    expect(applied.map((status, i) => (status === 'live' ? null : `s${i} ${status}`)).filter(Boolean)).toEqual([
      's3 set_aside',
      's7 set_aside',
    ]);
    expect((await bench.get('/s4/mcp')).text).toBe('here');
    expect((await bench.get('/s3/mcp')).status).toBe(404);
  });

  it('leaves what serves as it is when no server is to blame', async () => {
    let broken = false;
    await begin({
      render: createSmallRender({ outside: () => (broken ? 'nonsense on;' : '') }),
      timing: { retryMs: 100, watchMs: 20 },
    });
    const good = await bench.register('good', await backend('good'));
    const { generation } = await bench.publisher.whenLive(good.revision);
    broken = true;
    const other = await bench.register('other', await backend('other'));
    const outcome = await bench.publisher.whenLive(other.revision, other.server.id);
    expect(outcome.applied).toBe(false);
    expect(outcome.error).toContain('unknown directive "nonsense"');
    expect(bench.publisher.appliedStatus(other.server).applied).toBe('pending');
    expect(bench.publisher.appliedStatus(good.server).applied).toBe('live');
    expect(await bench.get('/which')).toEqual({ status: 200, text: String(generation) });
    broken = false;
    await until('it is live by itself', () => bench.publisher.appliedStatus(other.server).applied === 'live');
    expect((await bench.get('/other/mcp')).text).toBe('other');
  });
});
