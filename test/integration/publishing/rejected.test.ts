import { afterEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { setUpPublisher, type PublisherSetup, type PublisherSetupOptions } from './set-up-publisher.ts';
import { startBackend } from './start-backend.ts';
import { createSmallRender } from './small-render.ts';

let setup: PublisherSetup;
const backends: Awaited<ReturnType<typeof startBackend>>[] = [];
async function begin(options: PublisherSetupOptions): Promise<void> {
  setup = await setUpPublisher(options);
  await setup.publisher.start();
  await setup.startNginx();
  await setup.publisher.idle();
}
async function backend(text: string): Promise<string> {
  backends.push(await startBackend(text));
  return backends.at(-1)!.url;
}
afterEach(async () => {
  await setup.close();
  for (const one of backends.splice(0)) await one.close();
});

describe('a server that NGINX does not accept', () => {
  it('is rejected with the message of NGINX, the rest are published, and it is tried again when it changes', async () => {
    let bad = true;
    await begin({ render: createSmallRender({ lineOf: (path) => (bad && path === 'bad' ? 'nonsense on;' : '') }) });
    const first = await setup.register('bad', await backend('bad'));
    const good = await setup.register('good', await backend('good'));
    const outcome = await setup.publisher.whenLive(first.revision, first.server.id);
    expect(outcome).toMatchObject({ applied: false, error: 'NGINX: unknown directive "nonsense"' });
    expect(await setup.publisher.whenLive(good.revision, good.server.id)).toMatchObject({ applied: true, error: null });
    const status = setup.publisher.configurationStatus(first.server);
    expect(status).toMatchObject({ configuration: 'rejected', message: 'NGINX: unknown directive "nonsense"' });
    expect(status.since).not.toBeNull();
    expect((await setup.get('/good/mcp')).text).toBe('good');
    expect((await setup.get('/bad/mcp')).status).toBe(404);
    expect((await setup.publisher.current())?.rejected).toMatchObject([{ path: 'bad', since: status.since }]);

    // Also when others change.
    await setup.publisher.whenLive((await setup.change(good.server, { enabled: false })).revision);
    expect(setup.publisher.configurationStatus(first.server).since).toBe(status.since);

    bad = false;
    const changed = await setup.change(first.server, { description: 'mended' });
    expect(await setup.publisher.whenLive(changed.revision, first.server.id)).toMatchObject({ applied: true });
    expect((await setup.get('/bad/mcp')).text).toBe('bad');
  });

  it('is retried, without a new generation while it fails', async () => {
    let bad = true;
    let tries = 0;
    const lineOf = (path: string) => (path === 'bad' && ++tries > 0 && bad ? 'nonsense on;' : '');
    await begin({ render: createSmallRender({ lineOf }), timing: { retryMs: 100, checkMs: 20 } });
    const { server, revision } = await setup.register('bad', await backend('bad'));
    await setup.publisher.whenLive(revision, server.id);
    const number = (await setup.publisher.current())?.number;
    const before = tries;
    await waitFor('it was retried', () => tries > before + 6);
    await setup.publisher.idle();
    expect((await setup.publisher.current())?.number).toBe(number);
    bad = false;
    await waitFor(
      'it is live',
      () => setup.publisher.configurationStatus({ ...server, revision }).configuration === 'live',
    );
    expect((await setup.get('/bad/mcp')).text).toBe('bad');
  });

  it('is found by bisection when the failing line belongs to no server', async () => {
    const odd = new Set(['s3', 's7']);
    const outside = (paths: string[]) => (paths.some((path) => odd.has(path)) ? 'nonsense on;' : '');
    await begin({ render: createSmallRender({ outside }) });
    const url = await backend('here');
    const all = await Promise.all(Array.from({ length: 10 }, (_, i) => setup.register(`s${i}`, url)));
    await setup.publisher.whenLive(all.at(-1)!.revision);
    const applied = all.map(
      ({ server, revision }) => setup.publisher.configurationStatus({ ...server, revision }).configuration,
    );
    expect(applied.map((status, i) => (status === 'live' ? null : `s${i} ${status}`)).filter(Boolean)).toEqual([
      's3 rejected',
      's7 rejected',
    ]);
    expect((await setup.get('/s4/mcp')).text).toBe('here');
    expect((await setup.get('/s3/mcp')).status).toBe(404);
  });

  it('keeps the live generation when no server is at fault', async () => {
    let broken = false;
    await begin({
      render: createSmallRender({ outside: () => (broken ? 'nonsense on;' : '') }),
      timing: { retryMs: 100, checkMs: 20 },
    });
    const good = await setup.register('good', await backend('good'));
    const { generation } = await setup.publisher.whenLive(good.revision);
    broken = true;
    const other = await setup.register('other', await backend('other'));
    const outcome = await setup.publisher.whenLive(other.revision, other.server.id);
    expect(outcome.applied).toBe(false);
    expect(outcome.error).toContain('unknown directive "nonsense"');
    expect(setup.publisher.configurationStatus(other.server).configuration).toBe('pending');
    expect(setup.publisher.configurationStatus(good.server).configuration).toBe('live');
    expect(await setup.get('/which')).toEqual({ status: 200, text: String(generation) });
    broken = false;
    await waitFor(
      'it is live without another change',
      () => setup.publisher.configurationStatus(other.server).configuration === 'live',
    );
    expect((await setup.get('/other/mcp')).text).toBe('other');
  });
});
