// Takes a screenshot of every page of the UI, in both themes and at phone width, and creates the tour of the README, from a real gateway with real traffic.
//   node scripts/screenshots.ts [folder]   all of them into the folder (test-results/screenshots), the best into docs/screenshots
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { buildUi } from '../test/e2e/support/build-ui.ts';
import { logIn } from '../test/e2e/support/log-in.ts';
import { startBrowser } from '../test/e2e/support/open-browser.ts';
import { startGateway, type Gateway } from '../test/support/gateway/start-gateway.ts';
import { ACCESS_SHOTS } from './screenshots/access-shots.ts';
import { stageAccess } from './screenshots/stage-access.ts';
import { writeAnimation } from './screenshots/write-animation.ts';
import { stageServers, type StagedServers } from './screenshots/stage-servers.ts';

const folder = resolve(process.argv[2] ?? 'test-results/screenshots');
const best = resolve('docs/screenshots');
const BEST = [
  'servers-light',
  'servers-dark',
  'register-light',
  'connect-dark',
  'health-light',
  'tools-dark',
  'activity-light',
];
const BEST_QUALITY = 0.75;
/** Frames of the tour in the README: names of `shots`, in this order. */
const TOUR = ['servers', 'register', 'connect', 'tools', 'playground', 'refused', 'agent-grants', 'gateway'];
const TOUR_SIZE = { width: 1120, height: 700 };
const TOUR_QUALITY = 0.6;
const TOUR_STEP_MS = 2_200;
const SIZES = { '': { width: 1440, height: 900 }, '-phone': { width: 390, height: 844 } };

interface Shot {
  name: string;
  path: string;
  heading: string;
  then?: (page: Page) => Promise<void>;
}

const shots = (servers: StagedServers): Shot[] => [
  { name: 'servers', path: '/servers', heading: 'Servers' },
  { name: 'attention', path: '/servers?filter=attention', heading: 'Servers' },
  { name: 'overview', path: '/servers/weather', heading: 'Weather' },
  {
    name: 'tools',
    path: '/servers/helper/-/tools?tool=shadows_other_tool',
    heading: 'Helper',
    then: (page) => page.getByRole('heading', { name: 'Read-only' }).waitFor(),
  },
  { name: 'built-in', path: '/servers/mcpgw/-/tools', heading: 'mcpgw' },
  { name: 'changes', path: '/servers/tickets/-/tools', heading: 'Tickets' },
  { name: 'health', path: '/servers/weather/-/health', heading: 'Weather' },
  { name: 'nginx', path: '/servers/weather/-/config', heading: 'Weather' },
  { name: 'server-settings', path: '/servers/team/search/-/settings', heading: 'Team search' },
  { name: 'all-tools', path: '/tools', heading: 'Tools' },
  {
    name: 'playground',
    path: '/playground?server=weather&name=get-sum',
    heading: 'Try it',
    then: async (page) => {
      await page.getByLabel('a', { exact: true }).fill('2');
      await page.getByLabel('b', { exact: true }).fill('40');
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('status').getByText('Succeeded').waitFor();
    },
  },
  {
    name: 'gateway',
    path: '/gateway',
    heading: 'Gateway',
    then: (page) => page.getByRole('list', { name: 'Processes', exact: true }).waitFor(),
  },
  { name: 'connect', path: '/connect?server=weather&client=vscode', heading: 'Connect' },
  { name: 'settings', path: '/settings', heading: 'Settings' },
  ...ACCESS_SHOTS,
  {
    name: 'register',
    path: '/register',
    heading: 'Register a server',
    then: async (page) => {
      await page.getByLabel('URL of the MCP server').fill(servers.unregistered);
      await page.getByText('Reports as').waitFor();
    },
  },
  {
    name: 'palette',
    path: '/servers',
    heading: 'Servers',
    then: async (page) => {
      await page.getByRole('link', { name: 'Weather' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.keyboard.type('echo');
      await page.getByRole('option', { name: /echo/ }).first().waitFor();
    },
  },
];

async function show(page: Page, gateway: Gateway, { path, heading, then }: Shot): Promise<void> {
  await page.goto(`${gateway.url}/ui${path}`);
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await then?.(page);
  await page.waitForTimeout(300);
}

/** The tour, one page after another. */
async function record(browser: Browser, gateway: Gateway, servers: StagedServers): Promise<void> {
  const context = await browser.newContext({ viewport: TOUR_SIZE, colorScheme: 'light', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await logIn(page, gateway);
  const frames = [];
  for (const name of TOUR) {
    const shot = shots(servers).find((one) => one.name === name);
    if (shot === undefined) throw new Error(`no screenshot has the name ${name}`);
    await show(page, gateway, shot);
    const webp = await toWebp(browser, await page.screenshot(), TOUR_QUALITY);
    frames.push({ webp, durationMs: TOUR_STEP_MS });
  }
  await context.close();
  writeFileSync(join(best, 'tour.webp'), writeAnimation(frames, TOUR_SIZE));
}

async function shootAll(browser: Browser, gateway: Gateway, servers: StagedServers): Promise<void> {
  for (const theme of ['light', 'dark'] as const)
    for (const [suffix, viewport] of Object.entries(SIZES)) {
      const context = await browser.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce' });
      const page = await context.newPage();
      await page.goto(`${gateway.url}/ui/`);
      await page.getByLabel('User name').waitFor();
      await page.screenshot({ path: join(folder, `login${suffix}-${theme}.png`) });
      await page.setViewportSize(SIZES['']);
      await logIn(page, gateway);
      await page.setViewportSize(viewport);
      for (const shot of shots(servers)) {
        await show(page, gateway, shot);
        await page.screenshot({ path: join(folder, `${shot.name}${suffix}-${theme}.png`) });
      }
      await context.close();
    }
}

/** A picture as WebP, which is a third of its PNG; the browser converts it. */
async function toWebp(browser: Browser, png: Buffer, quality: number): Promise<Buffer> {
  const page = await browser.newPage();
  const url = await page.evaluate<string>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png.toString('base64')}';
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d', { alpha: false }).drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', ${quality});
  })()`);
  await page.close();
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

async function publish(browser: Browser, name: string): Promise<void> {
  const png = readFileSync(join(folder, `${name}.png`));
  writeFileSync(join(best, `${name}.webp`), await toWebp(browser, png, BEST_QUALITY));
}

buildUi();
mkdirSync(folder, { recursive: true });
mkdirSync(best, { recursive: true });
const gateway = await startGateway({
  supervised: true,
  env: { HEALTH_CRON: '*/2 * * * * *', GATEWAY_URL: 'https://mcp.example.com' },
});
const servers = await stageServers(gateway);
await stageAccess(gateway);
const browser = await startBrowser();
try {
  await record(browser, gateway, servers);
  await shootAll(browser, gateway, servers);
  for (const name of BEST) await publish(browser, name);
  console.log(`in ${folder}, the best in ${best}`);
} finally {
  await browser.close();
  await servers.close();
  await gateway.close();
}
