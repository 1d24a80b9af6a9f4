import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { createRig, startBackend, type Rig, type RigOptions } from './rig.ts';
import { createSmallRender } from './small-render.ts';

let rig: Rig;
const backends: Awaited<ReturnType<typeof startBackend>>[] = [];
async function begin(options: RigOptions): Promise<void> {
  rig = await createRig(options);
  await rig.publisher.start();
  await rig.startNginx();
  await rig.publisher.idle();
}
async function backend(text: string): Promise<string> {
  backends.push(await startBackend(text));
  return backends.at(-1)!.url;
}
afterEach(async () => {
  await rig.close();
  for (const one of backends.splice(0)) await one.close();
});

describe('a server that NGINX does not accept', () => {
  it('is rejected with the message of NGINX, the rest are published, and it is tried again when it changes', async () => {
    let bad = true;
    await begin({ render: createSmallRender({ lineOf: (path) => (bad && path === 'bad' ? 'nonsense on;' : '') }) });
    const first = await rig.register('bad', await backend('bad'));
    const good = await rig.register('good', await backend('good'));
    const outcome = await rig.publisher.whenLive(first.revision, first.server.id);
    expect(outcome).toMatchObject({ applied: false, error: 'NGINX: unknown directive "nonsense"' });
    expect(await rig.publisher.whenLive(good.revision, good.server.id)).toMatchObject({ applied: true, error: null });
    expect(rig.publisher.configurationStatus(first.server)).toEqual({
      configuration: 'rejected',
      message: 'NGINX: unknown directive "nonsense"',
    });
    expect((await rig.get('/good/mcp')).text).toBe('good');
    expect((await rig.get('/bad/mcp')).status).toBe(404);
    expect((await rig.publisher.current())?.rejected.map(({ path }) => path)).toEqual(['bad']);

    bad = false;
    const changed = await rig.change(first.server, { description: 'mended' });
    expect(await rig.publisher.whenLive(changed.revision, first.server.id)).toMatchObject({ applied: true });
    expect((await rig.get('/bad/mcp')).text).toBe('bad');
  });

  it('is retried, which makes no generation while it fails', async () => {
    let bad = true;
    let tries = 0;
    const lineOf = (path: string) => (path === 'bad' && ++tries > 0 && bad ? 'nonsense on;' : '');
    await begin({ render: createSmallRender({ lineOf }), timing: { retryMs: 100, checkMs: 20 } });
    const { server, revision } = await rig.register('bad', await backend('bad'));
    await rig.publisher.whenLive(revision, server.id);
    const number = (await rig.publisher.current())?.number;
    const before = tries;
    await waitFor('it was retried', () => tries > before + 6);
    await rig.publisher.idle();
    expect((await rig.publisher.current())?.number).toBe(number);
    bad = false;
    await waitFor(
      'it is live',
      () => rig.publisher.configurationStatus({ ...server, revision }).configuration === 'live',
    );
    expect((await rig.get('/bad/mcp')).text).toBe('bad');
  });

  it('is found by halves when the failing line belongs to no server', async () => {
    const odd = new Set(['s3', 's7']);
    const outside = (paths: string[]) => (paths.some((path) => odd.has(path)) ? 'nonsense on;' : '');
    await begin({ render: createSmallRender({ outside }) });
    const url = await backend('here');
    const all = await Promise.all(Array.from({ length: 10 }, (_, i) => rig.register(`s${i}`, url)));
    await rig.publisher.whenLive(all.at(-1)!.revision);
    const applied = all.map(
      ({ server, revision }) => rig.publisher.configurationStatus({ ...server, revision }).configuration,
    );
    expect(applied.map((status, i) => (status === 'live' ? null : `s${i} ${status}`)).filter(Boolean)).toEqual([
      's3 rejected',
      's7 rejected',
    ]);
    expect((await rig.get('/s4/mcp')).text).toBe('here');
    expect((await rig.get('/s3/mcp')).status).toBe(404);
  });

  it('leaves what is live when no server is at fault', async () => {
    let broken = false;
    await begin({
      render: createSmallRender({ outside: () => (broken ? 'nonsense on;' : '') }),
      timing: { retryMs: 100, checkMs: 20 },
    });
    const good = await rig.register('good', await backend('good'));
    const { generation } = await rig.publisher.whenLive(good.revision);
    broken = true;
    const other = await rig.register('other', await backend('other'));
    const outcome = await rig.publisher.whenLive(other.revision, other.server.id);
    expect(outcome.applied).toBe(false);
    expect(outcome.error).toContain('unknown directive "nonsense"');
    expect(rig.publisher.configurationStatus(other.server).configuration).toBe('pending');
    expect(rig.publisher.configurationStatus(good.server).configuration).toBe('live');
    expect(await rig.get('/which')).toEqual({ status: 200, text: String(generation) });
    broken = false;
    await waitFor(
      'it is live without another change',
      () => rig.publisher.configurationStatus(other.server).configuration === 'live',
    );
    expect((await rig.get('/other/mcp')).text).toBe('other');
  });
});
