import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChangingTools } from '../../fixtures/backends/tools/changing-tools.ts';
import type { WorkersView } from '../../../registry/contract/index.ts';
import { expectNothingCut, expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { countReloads, findWorkers } from '../../support/faults/observe/find-processes.ts';
import type { StandingStream } from '../../support/faults/load/open-stream.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { waitFor } from '../../support/wait-for.ts';

/** How many reloads under load: 200 in the full run. */
const RELOADS = Number(process.env['FAULTS_RELOADS'] ?? 15);
const LIMIT_MS = 120_000 + RELOADS * 5_000;

let site: Site;
beforeAll(async () => {
  site = await startSite({ supervised: false });
  await site.gateway.register({ path: 'spare', url: site.calm.url });
});
afterAll(() => site.close());

let change = 0;
/** A change that results in a new configuration, and so in a reload; resolves when it is verified live. */
async function reload(): Promise<void> {
  change += 1;
  const changed = await site.gateway.admin.must('PATCH', '/api/servers/spare', {
    timeouts: { readMs: 10_000 + change },
  });
  expect(changed).toMatchObject({ applied: true });
}

test(
  `${RELOADS} reloads under full load on keep-alive connections lose no call`,
  async () => {
    const load = site.load({ connections: 16, pauseMs: 0, maxMs: LIMIT_MS });
    await load.answers(100);
    const before = countReloads(site.gateway);
    for (let turn = 0; turn < RELOADS; turn += 1) {
      await reload();
      await load.answers(16);
    }
    expect(countReloads(site.gateway)).toBe(before + RELOADS);
    expectNothingLost(await load.stop(), RELOADS * 16);
    await waitFor('the last old worker to end', () => findWorkers(site.gateway).draining.length === 0);
  },
  LIMIT_MS,
);

test('at most four generations drain for open streams; only the oldest are ended, and agents reopen them', async () => {
  const load = site.load();
  const streams: StandingStream[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    streams.push(...(await site.streams(1)));
    await reload();
    const view = await site.gateway.admin.must<WorkersView>('GET', '/api/workers');
    const drainingNow = new Set(view.workers.filter((one) => one.draining).map(({ generation }) => generation));
    expect(drainingNow.size).toBeLessThanOrEqual(4);
    expect(view.draining).toBe(view.workers.filter((one) => one.draining).length);
  }
  await waitFor('the end of the oldest', () => streams[0]?.ended() !== null && streams[1]?.ended() !== null);
  const remaining = streams.slice(2);
  for (const stream of remaining) await stream.more(3);
  expectNothingCut(remaining);
  const [again] = await site.streams(1);
  await again?.more(2);
  expectNothingLost(await load.stop());
  for (const stream of [...remaining, again]) stream?.leave();
  await waitFor('all old workers to end', () => findWorkers(site.gateway).draining.length === 0);
});

test('a client resumes a stream that a drain has ended, and gets the notifications sent meanwhile', async () => {
  const backend = await startChangingTools();
  const short = await startSite({ supervised: false, env: { DRAIN_TIMEOUT: '1' } });
  const client = new Client({ name: 'resumes', version: '1.0.0' });
  try {
    await short.gateway.register({ path: 'changing', url: backend.url });
    let notifications = 0;
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => void (notifications += 1));
    const transport = new StreamableHTTPClientTransport(new URL(`${short.gateway.url}/changing/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${short.key}` } },
    });
    await client.connect(transport);
    const { sessionId } = transport;
    await waitFor('the stream to be open', async () => {
      await backend.put({ name: 'before' });
      return notifications > 0;
    });
    const before = findWorkers(short.gateway).accepting;
    await short.gateway.register({ path: 'other', url: short.calm.url });
    await waitFor('the old workers to end', () => {
      const { accepting, draining } = findWorkers(short.gateway);
      return before.every((pid) => !accepting.includes(pid) && !draining.includes(pid));
    });
    const countBefore = notifications;
    await backend.put({ name: 'meanwhile' });
    await waitFor('the notification sent meanwhile', () => notifications > countBefore);
    expect(transport.sessionId).toBe(sessionId);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('meanwhile');
  } finally {
    await client.close();
    await short.close();
    await backend.close();
  }
});
