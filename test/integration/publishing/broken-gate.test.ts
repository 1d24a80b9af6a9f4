import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildGate } from '../../../nginx/gate/build/build-gate.ts';
import { loadTemplates } from '../../../registry/publishing/render/load-templates.ts';
import { createRender } from '../../../registry/publishing/render/render.ts';
import { setUpPublisher, type PublisherSetup } from './set-up-publisher.ts';
import { startBackend } from './start-backend.ts';

const render = createRender(loadTemplates());
let setup: PublisherSetup;
let backend: Awaited<ReturnType<typeof startBackend>>;
const whole = await buildGate();
beforeEach(async () => {
  setup = await setUpPublisher({ render, gateBundle: whole });
  backend = await startBackend('here');
  await setup.publisher.start();
  await setup.startNginx();
});
afterEach(async () => {
  await setup.close();
  await backend.close();
});

const LAYOUT = 'uint32_t data[16]; unsigned used, digest_length; } mcpgw_sha256;';

it.each([
  ['is not Lua', 'local a = = 1', 'unexpected symbol'],
  ['throws when it is loaded', 'error("boom")', 'boom'],
  [
    'has a wrong layout of a struct',
    whole.replace(LAYOUT, LAYOUT.replace('data[16]', 'data[8]')),
    'The gate does not start',
  ],
])('a gate that %s is not published: the previous generation stays', async (_what, gateBundle, words) => {
  expect(gateBundle).not.toBe(whole);
  const one = await setup.register('one', backend.url);
  expect(await setup.publisher.whenLive(one.revision)).toMatchObject({ applied: true });
  const before = (await setup.publisher.current())?.number;
  await setup.closeRegistry();

  const next = await setUpPublisher({ render, gateBundle, dataDir: setup.dataDir, port: setup.port });
  await next.publisher.start();
  const two = await next.register('two', backend.url);
  const outcome = await next.publisher.whenLive(two.revision).catch((error: unknown) => error);
  expect(JSON.stringify(outcome, Object.getOwnPropertyNames(outcome as object))).toContain(words);
  expect((await next.publisher.current())?.number).toBe(before);
  expect((await next.get('/one/mcp')).status).toBe(401);
  expect((await next.get('/two/mcp')).status).toBe(404);
  await next.closeRegistry();
});
