import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startForgetful } from '../../fixtures/backends/faulty/forgetful.ts';
import { startGarbage } from '../../fixtures/backends/faulty/garbage.ts';
import { startHangs } from '../../fixtures/backends/faulty/hangs.ts';
import { startDiesMidStream } from '../../fixtures/backends/faulty/dies-mid-stream.ts';
import { startRefuses } from '../../fixtures/backends/faulty/refuses.ts';
import { startResets } from '../../fixtures/backends/faulty/resets.ts';
import { startAlwaysFails } from '../../fixtures/backends/faulty/always-fails.ts';
import { startAlone } from '../../fixtures/kit/start-alone.ts';
import { callOnce } from '../../support/faults/load/call-once.ts';
import { expectNothingCut, expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { connectClient } from '../../support/gateway/call-tool.ts';
import { waitFor } from '../../support/wait-for.ts';

let site: Site;
const open: { close: () => Promise<unknown> }[] = [];
beforeAll(async () => {
  site = await startSite({ supervised: false });
});
afterAll(async () => {
  await site.close();
  for (const one of open.reverse()) await one.close();
});

interface Backend {
  url: string;
  sockets?: () => number;
  close: () => Promise<unknown>;
}

/** Registers a backend; it is closed at the end. */
async function place<Kind extends Backend>(path: string, backend: Kind, more: object = {}): Promise<Kind> {
  open.push(backend);
  expect(await site.gateway.register({ path, url: backend.url, ...more })).toMatchObject({ applied: true });
  return backend;
}
const call = async (path: string) => (await callOnce(false, { url: site.gateway.url, path, key: site.key }, 7)).text;

describe('a failing backend is reported with its cause, and affects no other', () => {
  /** Each kind of failure, and what agents receive: the gate's reason, or a reply that breaks off. */
  const FAULTS: [string, () => Promise<Backend>, RegExp, object?][] = [
    ['refuses', startRefuses, /^503 unreachable$/],
    ['resets-request', () => startResets({ at: 'request' }), /^503 broken_reply$/],
    ['resets-connect', () => startResets({ at: 'connect' }), /^503 (broken_reply|unreachable)$/],
    ['hangs', () => startHangs({ from: 'call' }), /^503 timed_out$/, { timeouts: { readMs: 1_000 } }],
    ['garbage-wire', () => startGarbage({ where: 'wire' }), /^(503 broken_reply|broken .*)$/],
    ['garbage-header', () => startGarbage({ where: 'header' }), /^503 broken_reply$/],
    ['garbage-json', () => startGarbage({ where: 'json' }), /^200 not JSON$/],
    ['garbage-events', () => startGarbage({ where: 'events' }), /^200 not JSON$/],
    ['dies-end', () => startDiesMidStream({ how: 'end' }), /^broken ECONNRESET$/],
    ['dies-reset', () => startDiesMidStream({ how: 'reset' }), /^broken ECONNRESET$/],
    ['dies-short', () => startDiesMidStream({ how: 'short' }), /^broken ECONNRESET$/],
    ['dies-whole', () => startAlone('backends/faulty/dies-mid-stream.ts', { how: 'exit' }), /^broken ECONNRESET$/],
    ['fails', startAlwaysFails, /^500 not JSON$/],
  ];

  test('all failures at the same time, beside a load and streams', async () => {
    const backends = await Promise.all(
      FAULTS.map(async ([path, start, , more]) => place(path, await start(), more ?? {})),
    );
    const load = site.load();
    const streams = await site.streams(2);
    await load.answers(50);
    for (let round = 0; round < 2; round += 1) {
      const seen = await Promise.all(FAULTS.map(async ([path]) => [path, await call(path)] as const));
      // The process that died in the first round is not running in the second.
      const expected = (path: string, pattern: RegExp) =>
        path === 'dies-whole' && round > 0 ? /^503 unreachable$/ : pattern;
      for (const [index, [path, outcome]] of seen.entries())
        expect(outcome, `${path} in round ${round}`).toMatch(expected(path, FAULTS[index]?.[2] ?? /^$/));
    }
    for (const stream of streams) await stream.more(3);
    await load.answers(50);
    expectNothingCut(streams);
    expectNothingLost(await load.stop());
    for (const stream of streams) stream.leave();
    // The gateway leaks nothing: connections without a call are closed (idle ones after four seconds).
    await waitFor('every connection to them to end', () => backends.every(({ sockets }) => (sockets?.() ?? 0) === 0));
  });
});

test('an agent that aborts a call to a hanging backend frees the connection to it', async () => {
  const backend = await place('hanging', await startHangs({ from: 'call' }));
  await waitFor('the connections of the probe to end', () => backend.sockets() === 0);
  const leave = new AbortController();
  const pending = fetch(`${site.gateway.url}/hanging/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${site.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'hang' } }),
    signal: leave.signal,
  });
  await waitFor('the call to arrive', () => backend.sockets() === 1);
  leave.abort();
  await expect(pending).rejects.toThrow(/abort/);
  await waitFor('its end', () => backend.sockets() === 0);
});

test('a backend that lost its sessions at a restart answers them with its own 404, and a new session works at once', async () => {
  const backend = await place('forgetful', await startForgetful());
  const url = `${site.gateway.url}/forgetful/mcp`;
  const before = await connectClient(url, site.key);
  expect(JSON.stringify(await before.callTool({ name: 'which_start' }))).toContain('start 1');
  const others = await site.streams(2);

  await backend.stop();
  await expect(before.callTool({ name: 'which_start' })).rejects.toThrow(/unreachable|cannot be reached/);
  await backend.start();
  // The message is the backend's, not ours: the gateway does not store its sessions.
  await expect(before.callTool({ name: 'which_start' })).rejects.toThrow(/Session not found/);
  await before.close();
  const after = await connectClient(url, site.key);
  expect(JSON.stringify(await after.callTool({ name: 'which_start' }))).toContain('start 2');
  await after.close();
  for (const stream of others) await stream.more(2);
  expectNothingCut(others);
  for (const stream of others) stream.leave();
});

test('instances are added and removed through the API while sessions of others continue', async () => {
  const [one, two] = [await startForgetful(), await startForgetful()];
  open.push(one, two);
  const path = 'several';
  const url = `${site.gateway.url}/${path}/mcp`;
  await site.gateway.register({ path, url: one.url });
  const first = await connectClient(url, site.key);
  const change = (...urls: string[]) =>
    site.gateway.admin.must('PATCH', `/api/servers/${path}`, { instances: urls.map((each) => ({ url: each })) });
  const say = async (client: typeof first) => JSON.stringify(await client.callTool({ name: 'which_start' }));

  expect(await change(one.url, two.url)).toMatchObject({ applied: true });
  // The sessions of the probe are closed again, so only sessions of agents are counted from here on.
  await waitFor('only ours', () => one.sessions() === 1 && two.sessions() === 0);
  const more: (typeof first)[] = [];
  while (two.sessions() === 0 && more.length < 40) more.push(await connectClient(url, site.key));
  expect(two.sessions()).toBeGreaterThan(0);
  expect(one.sessions() + two.sessions()).toBe(more.length + 1);
  for (const client of [first, ...more]) expect(await say(client)).toContain('start 1');

  const lost = two.sessions();
  expect(await change(one.url)).toMatchObject({ applied: true });
  const results = await Promise.allSettled([first, ...more].map(say));
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(lost);
  expect(await say(first)).toContain('start 1');
  for (const client of [first, ...more]) await client.close();
});
