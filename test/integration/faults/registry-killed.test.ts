import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChangingTools, type ChangingFixture } from '../../fixtures/backends/tools/changing-tools.ts';
import { expectNothingCut, expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { countReloads, findRegistry } from '../../support/faults/observe/find-processes.ts';
import { countChanges, openSubscription } from '../../support/faults/load/open-subscription.ts';
import { killRegistry } from '../../support/faults/inject/restart-registry.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { waitFor } from '../../support/wait-for.ts';

let site: Site;
let changing: ChangingFixture;
beforeAll(async () => {
  changing = await startChangingTools();
  site = await startSite();
});
afterAll(async () => {
  await site.close();
  await changing.close();
});

const isReady = async () => (await fetch(`${site.gateway.url}/readyz`)).status === 200;

test('when the registry is killed under load, no call fails, no stream is cut and no acknowledged change is lost', async () => {
  const { gateway, calm } = site;
  await gateway.register({ path: 'changing', url: changing.url });
  const subscription = await openSubscription(`${gateway.url}/changing/mcp`, site.key);
  const load = site.load({ pauseMs: 0 });
  const streams = [...(await site.streams(3)), await site.longCall()];
  await load.answers(200);
  for (const stream of streams) await stream.more(2);

  // Changes continue while it is killed: each acknowledged one must exist afterwards.
  const acknowledged: string[] = [];
  let refused = 0;
  const writes = (async () => {
    for (let number = 0; refused === 0 && number < 500; number += 1) {
      const path = `written-${number}`;
      const answer = await gateway.admin
        .ask('POST', '/api/servers?wait=false', { path, url: calm.url })
        .catch(() => ({ status: 0 }));
      if (answer.status === 202) acknowledged.push(path);
      else refused += 1;
    }
  })();
  await waitFor('ten changes', () => acknowledged.length >= 10);
  const before = findRegistry(gateway);
  const reloads = countReloads(gateway);
  await killRegistry(gateway);
  await writes;
  expect(refused).toBe(1);
  const changesBefore = countChanges(subscription);
  await changing.put({ name: 'while-it-is-dead' });
  await waitFor('the subscription to report it', () => countChanges(subscription) > changesBefore);

  await waitFor('another registry', () => findRegistry(gateway) !== before);
  // Wait until it runs again and serves every acknowledged change.
  await waitFor('the registry', isReady);
  for (const path of acknowledged)
    await waitFor(`${path} to be live`, async () => {
      const { configuration } = await gateway.admin.must<{ configuration: string }>('GET', `/api/servers/${path}`);
      return configuration === 'live';
    });
  expect(countReloads(gateway)).toBeGreaterThan(reloads);
  for (const stream of streams) await stream.more(2);
  await load.answers(200);
  expectNothingCut(streams);
  expect(subscription.ended()).toBeNull();
  subscription.leave();
  expectNothingLost(await load.stop(), 1_000);
});

test('while the registry hangs, calls and streams continue', async () => {
  const { gateway } = site;
  const load = site.load();
  const streams = await site.streams(2);
  const pid = findRegistry(gateway);
  process.kill(pid, 'SIGSTOP');
  try {
    await load.answers(300);
    for (const stream of streams) await stream.more(5);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await waitFor('the registry', isReady);
  expectNothingCut(streams);
  expectNothingLost(await load.stop(), 300);
});
