import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildGate } from '../../../../nginx/gate/build/build-gate.ts';
import { loadTemplates } from '../../../../registry/publishing/render/load-templates.ts';
import { createRender } from '../../../../registry/publishing/render/render.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { setUpPublisher, type PublisherSetup } from '../set-up-publisher.ts';
import { startBackend } from '../start-backend.ts';

const render = createRender(loadTemplates());

let setup: PublisherSetup;
let backend: Awaited<ReturnType<typeof startBackend>>;
beforeEach(async () => {
  setup = await setUpPublisher({ render, gateBundle: await buildGate(), timing: { checkMs: 50 } });
  backend = await startBackend('here');
  await setup.publisher.start();
});
afterEach(async () => {
  await setup.close();
  await backend.close();
});

describe('publishing with the real renderer', () => {
  it('generation 0 serves, a server goes live, and its part can be shown', async () => {
    await setup.startNginx();
    await setup.publisher.idle();
    expect((await setup.publisher.current())?.number).toBe(0);
    expect((await setup.publisher.detail(0)).nginxOutput).toContain('test is successful');
    const { server, revision } = await setup.register('weather', backend.url);
    const stored = { ...server, instances: [{ ...server.instances[0]!, query: 'token=secret' }] };
    const changed = await setup.change({ ...stored, revision }, {});
    expect(await setup.publisher.whenLive(changed.revision, server.id)).toMatchObject({ applied: true });
    // No key: the gate of the new generation responds, not the previous one, which had no such path.
    expect((await setup.get('/weather/mcp')).status).toBe(401);
    const { text } = await setup.publisher.config('weather');
    expect(text).toContain(`server "${new URL(backend.url).host}"`);
    const files = Object.values(
      (await setup.publisher.detail(Number((await setup.publisher.current())?.number))).files,
    );
    expect(files.join('\n')).not.toContain('token=secret');
  });

  it('publishes again when NGINX was killed and started with generation 0', async () => {
    await setup.startNginx();
    const { server, revision } = await setup.register('weather', backend.url);
    await setup.publisher.whenLive(revision);
    await setup.stopNginx('SIGKILL');
    await setup.startNginx(0);
    await waitFor(
      'live again',
      () => setup.publisher.configurationStatus({ ...server, revision }).configuration === 'live',
    );
    await setup.publisher.idle();
    expect((await setup.publisher.current())?.servers).toBe(1);
    expect(existsSync(`${setup.dataDir}/verified`)).toBe(true);
  });
});
