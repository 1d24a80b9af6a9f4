import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../../registry/contract/index.ts';
import { callOnce } from '../../support/faults/load/call-once.ts';
import { expectNothingCut, expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { lockDatabase } from '../../support/faults/inject/lock-database.ts';
import { canMount, createSmallDisk } from '../../support/faults/inject/small-disk.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { waitFor } from '../../support/wait-for.ts';

let site: Site;
beforeAll(async () => {
  // One worker: each worker detects by itself that a folder was mounted over, and the kernel chooses which one serves a call.
  site = await startSite({ supervised: false, env: { NGINX_WORKERS: '1' } });
});
afterAll(() => site.close());

const call = async (key: string, path = 'calm') =>
  (await callOnce(false, { url: site.gateway.url, path, key }, 1)).text;

test('while another process locks the database, agents are unaffected; changes are refused with an explanation and work afterwards', async () => {
  const { gateway } = site;
  const load = site.load();
  const streams = await site.streams(2);
  const unlock = await lockDatabase(join(gateway.dataDir, 'mcpgw.db'));
  try {
    const refused = await gateway.admin.ask<Problem>('POST', '/api/agents', { name: 'locked-out', grants: [] });
    expect(refused.status).toBe(503);
    expect(refused.body.detail).toContain('the database is locked by another process; nothing was changed');
    expect(refused.headers.get('retry-after')).toBe('3');
    await load.answers(100);
    for (const stream of streams) await stream.more(3);
  } finally {
    await unlock();
  }
  await waitFor('the same change', async () => {
    const { status } = await gateway.admin.ask('POST', '/api/agents', { name: 'locked-out', grants: [] });
    return status === 201;
  });
  expect(await gateway.register({ path: 'after-lock', url: site.calm.url })).toMatchObject({ applied: true });
  expectNothingCut(streams);
  expectNothingLost(await load.stop());
  for (const stream of streams) stream.leave();
});

describe.skipIf(!canMount)('a full disk', () => {
  test('under the access files: a change that narrows access is refused with an explanation, not applied in part, and enforced when there is space', async () => {
    const { gateway } = site;
    const agent = await gateway.createAgent(['calm']);
    const second = await gateway.admin.must<{ key: string }>('POST', `/api/agents/${agent.name}/keys`, {});
    const other = await gateway.createAgent(['calm']);
    const early = await gateway.createAgent(['calm']);
    expect(await call(early.key)).toBe('200');
    const disk = createSmallDisk(join(gateway.dataDir, 'access'), 512);
    // inotify reports no mount: the gate notices the new folder when it compares the files again.
    await gateway.admin.must('PUT', `/api/agents/${early.name}/grants`, [{ server: 'ticking', tools: ['*'] }]);
    const isRefused = async () => (await call(early.key)) === '403 not_granted';
    await waitFor('the gate to watch the new folder', isRefused, 60_000);
    const load = site.load();
    try {
      await load.answers(50);
      disk.fill();
      const narrowed = await gateway.admin.ask<Problem>('PUT', `/api/agents/${agent.name}/grants`, [
        { server: 'ticking', tools: ['*'] },
      ]);
      expect(narrowed.status).toBe(503);
      expect(narrowed.body.detail).toMatch(
        /the change is stored but not yet enforced: access\/keys\/\*\.json of .* \(.*ENOSPC.*\)/,
      );
      // The previous file is complete: no request is allowed or refused by a partial file.
      for (const key of [agent.key, second.key]) expect(await call(key)).toBe('200');
      // Revoking needs no space: a key is refused at once, and its space is available for what could not be written.
      await gateway.admin.must('DELETE', `/api/agents/${agent.name}/keys/${agent.keyId}`);
      expect(await call(agent.key)).toBe('401 key_unknown');
      await waitFor(
        'the grants that could not be written',
        async () => (await call(second.key)) === '403 not_granted',
        60_000,
      );
      await gateway.admin.must('DELETE', `/api/agents/${other.name}/keys/${other.keyId}`);
      expect(await call(other.key)).toBe('401 key_unknown');
      await load.answers(50);
      disk.free();
      await waitFor('the stored change to be enforced', async () => {
        const created = await gateway.admin.ask<{ key: string }>('POST', `/api/agents/${agent.name}/keys`, {});
        return created.status === 201 && (await call(created.body.key)) === '403 not_granted';
      });
      await load.answers(50);
    } finally {
      await load.stop();
      disk.close();
    }
    expectNothingLost(load.report());
    expect(await call(site.key)).toBe('200');
  });

  test('under the generations: nothing is changed, the live generation stays, and the change is live when there is space', async () => {
    const { gateway } = site;
    const disk = createSmallDisk(join(gateway.dataDir, 'generations'), 4_096);
    const load = site.load();
    try {
      disk.fill();
      const pending = await gateway.admin.must<{ applied: boolean; error: string }>('POST', '/api/servers', {
        path: 'no-room',
        url: site.calm.url,
      });
      expect(pending.applied).toBe(false);
      expect(pending.error).toContain(
        'The disk is full (ENOSPC): nothing was changed, NGINX serves what it served before',
      );
      expect(await call(site.key, 'no-room')).toBe('404 unknown_path');
      await load.answers(50);
      disk.free();
      // Any later change includes it; without one it is tried again within a minute.
      await gateway.register({ path: 'with-room', url: site.calm.url });
      expect(await call(site.key, 'no-room')).toBe('200');
      await load.answers(50);
    } finally {
      await load.stop();
      disk.close();
    }
    expectNothingLost(load.report());
  });
});
