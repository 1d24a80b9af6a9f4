import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ROOT } from '../support/gateway/start-gateway.ts';
import { setUpBrowserTest } from './support/browser-test.ts';

const ui = setUpBrowserTest();
const MAX_BYTES = 90_000;

it('loads at most 90 kB of JavaScript, gzipped, for the server list', async () => {
  const page = await ui.openLoggedIn();
  await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
  const urls = await page.evaluate(() =>
    performance.getEntriesByType('resource').flatMap(({ name }) => (name.endsWith('.js') ? [name] : [])),
  );
  expect(urls.length).toBeGreaterThan(1);
  const bodies = await Promise.all(urls.map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer())));
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).byteLength, 0);
  expect(bytes).toBeLessThan(MAX_BYTES);
});

it('ships its fonts, and sends scripts, styles and fonts compressed', async () => {
  const page = await ui.openLoggedIn();
  await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
  const loaded = await page.evaluate(async () => {
    await document.fonts.ready;
    return {
      families: [...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family),
      urls: performance.getEntriesByType('resource').map(({ name }) => name),
    };
  });
  expect(loaded.families.join()).toMatch(/Inter/);
  const assets = loaded.urls.filter((url) => /\.(js|css|woff2)$/.test(url));
  expect(assets.some((url) => url.endsWith('.woff2'))).toBe(true);
  for (const url of assets) {
    expect(url.startsWith(ui.gateway.url), url).toBe(true);
    if (url.endsWith('.woff2') || !url.includes('/assets/')) continue;
    const reply = await fetch(url, { headers: { 'accept-encoding': 'br, gzip' } });
    expect(reply.headers.get('content-encoding'), url).toBe('br');
    await reply.body?.cancel();
  }
});

it('contains no schema library, inline script or inline style', () => {
  const assets = join(ROOT, 'ui/dist/assets');
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  for (const name of scripts) expect(readFileSync(join(assets, name), 'utf8'), name).not.toContain('ZodError');
  const html = readFileSync(join(ROOT, 'ui/dist/index.html'), 'utf8');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/);
});
