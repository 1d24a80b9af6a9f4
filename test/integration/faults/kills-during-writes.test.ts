import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AdminClient } from '../../support/admin-client.ts';
import { callOnce } from '../../support/faults/call-once.ts';
import { expectNothingCut, expectNothingLost } from '../../support/faults/expect-nothing-lost.ts';
import { kill, killRegistry, startRegistry, type OwnRegistry } from '../../support/faults/restart-registry.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { waitFor } from '../../support/wait-for.ts';

/** How many times the registry is killed: 1000 for the whole form. */
const KILLS = Number(process.env['FAULTS_KILLS'] ?? 20);
const LIMIT_MS = 120_000 + KILLS * 15_000;
/** Changes before a kill, so that it meets another moment of writing and publishing each time. */
const changesOf = (round: number) => 1 + ((round * 7) % 13);

let site: Site;
let registry: OwnRegistry | undefined;
beforeAll(async () => {
  site = await startSite({ supervised: false });
});
afterAll(async () => {
  await registry?.program.stop('SIGKILL');
  await site.close();
});

const call = async (key: string, path: string) => (await callOnce(false, { url: site.gateway.url, path, key }, 1)).text;

interface Acknowledged {
  servers: string[];
  removed: string[];
  keys: string[];
  revoked: string[];
}

/** Writes of all kinds until the registry dies; keeps what was acknowledged, and no more. */
async function write(admin: AdminClient, name: string, known: Acknowledged, onChange: () => void): Promise<void> {
  const must = async (method: string, path: string, body?: unknown) => {
    const answer = await admin.ask<{ key: string; id: string }>(method, path, body);
    if (answer.status < 200 || answer.status > 299) throw new Error(String(answer.status));
    onChange();
    return answer.body;
  };
  for (let number = 0; number < 100; number += 1) {
    const path = `${name}-${number}`;
    await must('POST', '/api/servers?wait=false', { path, url: site.calm.url });
    // While a removal is on its way it is neither there nor gone.
    if (number % 3 === 2) {
      await must('DELETE', `/api/servers/${path}?wait=false`);
      known.removed.push(path);
    } else known.servers.push(path);
    await must('POST', '/api/agents', { name: path, grants: [{ server: '*', tools: ['*'] }] });
    const { key, id } = await must('POST', `/api/agents/${path}/keys`, {});
    if (number % 2 === 0) known.keys.push(key);
    else {
      await must('DELETE', `/api/agents/${path}/keys/${id}`);
      known.revoked.push(key);
    }
  }
}

test(
  `the registry is killed ${KILLS} times in the middle of writing and publishing: nothing acknowledged is lost, no agent notices`,
  async () => {
    const { gateway } = site;
    const load = site.load({ maxMs: LIMIT_MS, maxCalls: Infinity });
    const streams = await site.streams(2);
    const known: Acknowledged = { servers: [], removed: [], keys: [], revoked: [] };
    await killRegistry(gateway);
    for (let round = 0; round < KILLS; round += 1) {
      registry = await startRegistry(gateway);
      const { program, admin } = registry;
      let left = changesOf(round);
      let killed: Promise<void> | undefined;
      const onChange = () => {
        left -= 1;
        if (left === 0) killed = kill(program.pid);
      };
      const writers = ['a', 'b'].map((name) => write(admin, `r${round}${name}`, known, onChange));
      for (const ended of await Promise.allSettled(writers)) expect(ended.status).toBe('rejected');
      await killed;
      // With no registry at all: a key that was revoked in an answer stays refused, one that was given is let in.
      for (const key of known.revoked.slice(-3)) expect(await call(key, 'calm')).toBe('401 key_unknown');
      for (const key of known.keys.slice(-3)) expect(await call(key, 'calm')).toBe('200');
    }
    registry = await startRegistry(gateway);
    for (const path of known.servers)
      await waitFor(`${path} to be served`, async () => (await call(site.key, path)) === '200');
    for (const path of known.removed) expect(await call(site.key, path)).toBe('404 unknown_path');
    for (const key of known.keys) expect(await call(key, 'calm')).toBe('200');
    for (const key of known.revoked.slice(0, 30)) expect(await call(key, 'calm')).toMatch(/^401 key_unknown|^429/);
    expect(known.servers.length + known.keys.length).toBeGreaterThanOrEqual(KILLS);
    for (const stream of streams) await stream.more(2);
    expectNothingCut(streams);
    expectNothingLost(await load.stop(), 100);
  },
  LIMIT_MS,
);
