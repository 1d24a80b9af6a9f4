import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildGate } from '../../../nginx/gate/build/build-gate.ts';
import { loadTemplates } from '../../../registry/publishing/render/load-templates.ts';
import { createRender } from '../../../registry/publishing/render/render.ts';
import { waitFor } from '../../support/wait-for.ts';
import { createRig, startBackend, type Rig } from './rig.ts';

const render = createRender(loadTemplates());

let rig: Rig;
let backend: Awaited<ReturnType<typeof startBackend>>;
beforeEach(async () => {
  rig = await createRig({ render, gateBundle: await buildGate(), timing: { checkMs: 50 } });
  backend = await startBackend('here');
  await rig.publisher.start();
});
afterEach(async () => {
  await rig.close();
  await backend.close();
});

describe('publishing what the renderer makes', () => {
  it('generation 0 serves, a server goes live, and its part can be shown', async () => {
    await rig.startNginx();
    await rig.publisher.idle();
    expect((await rig.publisher.current())?.number).toBe(0);
    expect((await rig.publisher.detail(0)).nginxOutput).toContain('test is successful');
    const { server, revision } = await rig.register('weather', backend.url);
    const stored = { ...server, instances: [{ ...server.instances[0]!, query: 'token=secret' }] };
    const changed = await rig.change({ ...stored, revision }, {});
    expect(await rig.publisher.whenLive(changed.revision, server.id)).toMatchObject({ applied: true });
    // No key: the gate of the new generation answers, not the one before, which knew no such path.
    expect((await rig.get('/weather/mcp')).status).toBe(401);
    const { text } = await rig.publisher.config('weather');
    expect(text).toContain(`server "${new URL(backend.url).host}"`);
    const files = Object.values((await rig.publisher.detail(Number((await rig.publisher.current())?.number))).files);
    expect(files.join('\n')).not.toContain('token=secret');
  });

  it('is back by itself when NGINX was killed and began with generation 0', async () => {
    await rig.startNginx();
    const { server, revision } = await rig.register('weather', backend.url);
    await rig.publisher.whenLive(revision);
    await rig.stopNginx('SIGKILL');
    await rig.startNginx(0);
    await waitFor(
      'live again',
      () => rig.publisher.configurationStatus({ ...server, revision }).configuration === 'live',
    );
    await rig.publisher.idle();
    expect((await rig.publisher.current())?.servers).toBe(1);
    expect(existsSync(`${rig.dataDir}/verified`)).toBe(true);
  });
});
