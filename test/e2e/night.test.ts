import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startEcho } from '../fixtures/backends/compliant/echo.ts';
import { canMount, makeReadOnly, createSmallDisk } from '../support/faults/inject/small-disk.ts';
import { findWorkers } from '../support/faults/observe/find-processes.ts';
import { connectClient, echo as callEcho } from '../support/gateway/call-tool.ts';
import { listProcessesOf } from '../support/processes/list-processes.ts';
import { setUpBrowserTest } from './support/browser-test.ts';

// Failures while the page is open: each must be reported within seconds with cause and remedy, until it is resolved.
const ui = setUpBrowserTest({ env: { NGINX_WORKERS: '2', HEALTH_CRON: '*/2 * * * * *', HEALTH_TIMEOUT_MS: '1000' } });
const SOON = { timeout: 15_000 };
const items = (page: Page) => page.getByRole('list', { name: 'Needs review' }).getByRole('listitem');

async function openReview(): Promise<Page> {
  const page = await ui.openLoggedIn('/review');
  await page.getByRole('heading', { name: 'Needs review', level: 1 }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  return page;
}

it('reports that a process does not respond, and that it responds again', async () => {
  const page = await openReview();
  await page.getByRole('heading', { name: 'Nothing needs review' }).waitFor();
  const management = listProcessesOf(ui.gateway.dataDir).find(({ command }) => /dist\/mcpgw-server\.js/.test(command));
  expect(management).toBeDefined();
  process.kill(management!.pid, 'SIGSTOP');
  try {
    const item = items(page).filter({ hasText: 'The management server is down (it does not answer within 1 s)' });
    await item.waitFor(SOON);
    await item.getByText('If it stays down, see the end of LOG_DIR/mcpgw-server/current.').waitFor();
    await page.getByRole('link', { name: /^Needs review \d items?$/ }).waitFor();
    await item.getByRole('link', { name: 'Open mcpgw-server: Process down' }).click();
    await page.getByRole('list', { name: 'Problems' }).getByText('The management server is down').waitFor();
    await page.goBack();
  } finally {
    process.kill(management!.pid, 'SIGCONT');
  }
  await page.getByRole('heading', { name: 'Nothing needs review' }).waitFor(SOON);
});

it('reports the line of an invalid configuration file, and a server that went down', async () => {
  const page = await openReview();
  const file = join(ui.gateway.dataDir, 'mcpgw.config.yaml');
  writeFileSync(file, 'servers:\n  weather:\n    url: ftp://files.example\n');
  const broken = items(page).filter({ hasText: 'The configuration file is not used' });
  await broken.getByText(/mcpgw\.config\.yaml:3:5: servers\.weather\.url: the scheme "ftp"/).waitFor(SOON);
  await broken.getByText('Correct it: it is read again when it changes').waitFor();
  writeFileSync(file, '{}\n');
  await broken.waitFor({ state: 'detached', ...SOON });
  const echo = await startEcho();
  await ui.gateway.register({ path: 'falls', name: 'Falls', url: echo.url });
  await echo.close();
  const fallen = items(page).filter({ hasText: 'Falls' });
  await fallen.getByText(/refused the connection/).waitFor(SOON);
  await fallen.getByText(/^since /).waitFor();
  await fallen.getByRole('button', { name: 'Disable Falls' }).click();
  await fallen.waitFor({ state: 'detached' });
});

it('reports that workers of NGINX died', async () => {
  const page = await openReview();
  const [worker] = findWorkers(ui.gateway).accepting;
  process.kill(worker!, 'SIGKILL');
  const item = items(page).filter({ hasText: 'A worker of NGINX died in the last hour (signal 9)' });
  await item.waitFor(SOON);
  await item.getByText(/NGINX has started others/).waitFor();
});

it.skipIf(!canMount)('reports that the log folder is full, and that agents keep working', async () => {
  const page = await openReview();
  const disk = createSmallDisk(ui.gateway.logDir, 4_096);
  try {
    disk.fill();
    const item = items(page).filter({ hasText: 'LOG_DIR (' });
    await item.getByText(/cannot be written: the disk is full \(ENOSPC\)\. Agents keep working/).waitFor(SOON);
    await item.getByText(/Free space there or raise the quota/).waitFor();
    disk.free();
    await item.waitFor({ state: 'detached', ...SOON });
  } finally {
    disk.close();
  }
});

it.skipIf(!canMount)(
  'reports that the data disk became read-only: nothing can be changed, agents keep working',
  async () => {
    const echo = await startEcho();
    await ui.gateway.register({ path: 'steady', name: 'Steady', url: echo.url });
    const { key } = await ui.gateway.createAgent(['steady']);
    const page = await openReview();
    // Write access is tested every 15 s.
    const disk = makeReadOnly(ui.gateway.dataDir);
    try {
      const item = items(page).filter({ hasText: 'DATA_DIR (' });
      await item
        .getByText(/cannot be written: it is read-only \(EROFS\)\. Agents keep working/)
        .waitFor({ timeout: 30_000 });
      const client = await connectClient(`${ui.gateway.url}/steady/mcp`, key);
      await callEcho(client, 'still there');
      await client.close();
      disk.close();
      await item.waitFor({ state: 'detached', ...SOON });
    } finally {
      disk.close();
      await echo.close();
    }
  },
);

it.skipIf(!canMount)('shows nothing as stopped or disabled before the gate enforces it', async () => {
  await ui.gateway.createAgent([], { name: 'rogue' });
  const echo = await startEcho();
  await ui.gateway.register({ path: 'leaky', name: 'Leaky', url: echo.url });
  const page = await ui.openLoggedIn('/agents/rogue');
  const list = await ui.openLoggedIn('/servers');
  const disk = createSmallDisk(join(ui.gateway.dataDir, 'access'), 512);
  try {
    disk.fill();
    await page.getByRole('button', { name: 'Stop…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stop agent rogue?' });
    await dialog.getByLabel('Reason').fill('it deletes what it should read');
    await dialog.getByLabel('Type “STOP” to confirm').fill('STOP');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('the change is stored but not yet enforced').waitFor();
    const banner = list.getByRole('region', { name: 'Active kill switches' });
    await banner.getByText('Agent rogue is not stopped yet: the gate could not be updated.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Not enforced yet', { exact: true }).waitFor();
    const row = list.getByRole('table', { name: 'Servers' }).getByRole('row').filter({ hasText: 'Leaky' });
    await row.getByRole('switch').click();
    await list.getByText('Leaky could not be disabled').waitFor();
    await row.getByText('Stored, but the gate does not enforce it yet').waitFor(SOON);
    expect(await row.getByText('Disabled', { exact: true }).count()).toBe(0);
    await banner.getByRole('link', { name: 'Needs review' }).click();
    await items(list).filter({ hasText: 'The gate does not enforce the last access changes yet' }).waitFor(SOON);
    disk.free();
    await banner.getByText('Agent rogue is stopped.').waitFor({ timeout: 40_000 });
    await page.getByText('Stopped', { exact: true }).waitFor(SOON);
    await list.goBack();
    await row.getByText('Disabled', { exact: true }).waitFor(SOON);
  } finally {
    disk.close();
    await echo.close();
  }
});
