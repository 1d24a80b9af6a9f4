import { beforeAll, expect, it } from 'vitest';
import { connectClient, echo } from '../support/gateway/call-tool.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { logIn } from './support/log-in.ts';

const ui = setUpBrowserTest();

beforeAll(async () => {
  await ui.gateway.register({ path: 'weather', name: 'Weather', url: ui.everything });
});

it('stops an agent with two clicks and a typed word, shows it on every page, and resumes it', async () => {
  const { key } = await ui.gateway.createAgent(['weather'], { name: 'rogue' });
  const client = await connectClient(`${ui.gateway.url}/weather/mcp`, key);
  await echo(client, 'before');
  const page = await ui.openLoggedIn('/agents/rogue');
  const other = await ui.openLoggedIn('/servers');
  await page.getByRole('button', { name: 'Stop…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Stop agent rogue?' });
  await dialog.getByLabel('Reason').fill('it deletes what it should read');
  const confirm = dialog.getByRole('button', { name: 'Stop agent rogue' });
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByLabel('Type “STOP” to confirm').fill('stop');
  await confirm.click();
  await page.getByRole('log').getByText('Stopped: agent rogue').waitFor();
  // The response of the registry means that the gate enforces it.
  await expect(echo(client, 'after')).rejects.toThrow('it deletes what it should read');
  await client.close();

  // The other window is updated automatically.
  const banner = other.getByRole('region', { name: 'Active kill switches' });
  await banner.getByText('it deletes what it should read').waitFor();
  await banner.getByText(/By admin/).waitFor();
  for (const path of ['/settings', '/activity', '/servers/weather']) {
    await other.goto(`${ui.gateway.url}/ui${path}`);
    await banner.getByText('Agent rogue is stopped.').waitFor();
  }
  await page.getByRole('heading', { name: 'rogue', level: 1 }).waitFor();
  await page.getByText('Stopped', { exact: true }).waitFor();
  await banner.getByRole('button', { name: 'Resume agent rogue' }).click();
  await banner.waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Active kill switches' }).waitFor({ state: 'detached' });
  const again = await connectClient(`${ui.gateway.url}/weather/mcp`, key);
  await echo(again, 'resumed');
  await again.close();
});

it('stops a server and everything, and a viewer sees it without buttons', async () => {
  const { key } = await ui.gateway.createAgent(['weather'], { name: 'innocent' });
  const page = await ui.openLoggedIn('/servers/weather');
  const stop = async (name: string, button: string, reason: string) => {
    await page.getByRole('button', { name: button }).click();
    const dialog = page.getByRole('dialog', { name: `Stop ${name}?` });
    await dialog.getByLabel('Reason').fill(reason);
    await dialog.getByLabel('Type “STOP” to confirm').fill('STOP');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
  };
  await stop('server weather', 'Stop…', 'it leaks');
  // Its checks succeed, but it is not shown as healthy.
  await page.getByRole('main').getByText('Stopped', { exact: true }).waitFor();
  await page.goto(`${ui.gateway.url}/ui/servers`);
  const row = page.getByRole('table', { name: 'Servers' }).getByRole('row').filter({ hasText: 'Weather' });
  await row.getByText('Stopped', { exact: true }).waitFor();
  expect(await row.getByText('Healthy', { exact: true }).count()).toBe(0);
  await page.goto(`${ui.gateway.url}/ui/agents`);
  await stop('everything', 'Stop everything…', 'we look into it');
  await expect(connectClient(`${ui.gateway.url}/weather/mcp`, key)).rejects.toThrow('we look into it');
  const viewer = { username: 'vera', password: 'a long enough password' };
  await ui.gateway.admin.must('POST', '/api/users', { ...viewer, role: 'viewer' });
  const { page: hers } = await ui.openPage();
  await logIn(hers, ui.gateway, viewer);
  await hers.getByText('Everything is stopped.').waitFor();
  await hers.getByText('Server weather is stopped.').waitFor();
  expect(await hers.getByRole('button', { name: /Resume|Stop/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Resume everything' }).click();
  await page.getByRole('button', { name: 'Resume server weather' }).click();
  await hers.getByRole('region', { name: 'Active kill switches' }).waitFor({ state: 'detached' });
  const client = await connectClient(`${ui.gateway.url}/weather/mcp`, key);
  await client.close();
});
