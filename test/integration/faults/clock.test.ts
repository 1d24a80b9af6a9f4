import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerView } from '../../../registry/contract/index.ts';
import { callOnce } from '../../support/faults/load/call-once.ts';
import { expectNothingCut, expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { killRegistry, startRegistry, type OwnRegistry } from '../../support/faults/inject/restart-registry.ts';
import { canShiftClock, createShiftedClock, type ShiftedClock } from '../../support/faults/inject/shift-clock.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { waitFor } from '../../support/wait-for.ts';

const HOUR_S = 3_600;

describe.skipIf(!canShiftClock)('the clock of the registry jumps', () => {
  let site: Site;
  let clock: ShiftedClock;
  let registry: OwnRegistry | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-clock-'));
  chmodSync(folder, 0o755);
  beforeAll(async () => {
    site = await startSite({ supervised: false });
    clock = createShiftedClock(join(folder, 'clock'));
    await killRegistry(site.gateway);
    registry = await startRegistry(site.gateway, { ...clock.env, HEALTH_CRON: '* * * * * *' });
  });
  afterAll(async () => {
    await registry?.program.stop();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const now = async () =>
    Date.parse((await fetch(`${site.gateway.registryUrl}/healthz`)).headers.get('date') ?? '') / 1000;
  const check = async ({ admin }: OwnRegistry) =>
    (await admin.must<ServerView>('GET', '/api/servers/calm')).lastCheckedAt ?? '';

  test.each([
    ['an hour back', -HOUR_S],
    ['an hour forward', HOUR_S],
    ['and back to the real time', 0],
  ])('%s: agents, streams, changes, health checks and the audit continue to work', async (_, seconds) => {
    const load = site.load();
    const streams = await site.streams(2);
    await load.answers(20);
    clock.shift(seconds);
    await waitFor('the registry to see it', async () => Math.abs((await now()) - Date.now() / 1000 - seconds) < 120);
    const path = `shifted-${seconds + 10_000_000}`;
    const { program, admin } = registry!;
    expect(program.isRunning()).toBe(true);
    expect(await admin.must('POST', '/api/servers', { path, url: site.calm.url })).toMatchObject({
      applied: true,
      path,
    });
    expect((await callOnce(false, { url: site.gateway.url, path, key: site.key }, 1)).text).toBe('200');
    // The earlier session is still valid, and a revoked key is refused at any time of the clock.
    const agent = `agent-${path}`;
    await admin.must('POST', '/api/agents', { name: agent, grants: [{ server: '*', tools: ['*'] }] });
    const { key, id } = await admin.must<{ key: string; id: string }>('POST', `/api/agents/${agent}/keys`, {});
    expect((await callOnce(false, { url: site.gateway.url, path, key }, 1)).text).toBe('200');
    await admin.must('DELETE', `/api/agents/${agent}/keys/${id}`);
    expect((await callOnce(false, { url: site.gateway.url, path, key }, 1)).text).toBe('401 key_unknown');
    const checked = await check(registry!);
    await waitFor('another health check', async () => (await check(registry!)) !== checked);
    const audit = await admin.must<{ items: { action: string; target: string }[] }>('GET', '/api/audit?limit=1');
    expect(audit.items[0]).toMatchObject({ action: 'key.revoked' });
    for (const stream of streams) await stream.more(3);
    expectNothingCut(streams);
    expectNothingLost(await load.stop(), 20);
    for (const stream of streams) stream.leave();
  });
});
