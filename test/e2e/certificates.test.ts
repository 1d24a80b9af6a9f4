import { chmodSync, copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, it } from 'vitest';
import { findFreePorts } from '../support/processes/free-ports.ts';
import { createAuthority } from '../support/tls/create-authority.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { logIn } from './support/log-in.ts';

// The page stays open while the gateway's certificate ages, or is replaced.
const DAY_MS = 86_400_000;
const SOON = { timeout: 15_000 };
const authority = createAuthority();
const folder = mkdtempSync(join(tmpdir(), 'mcpgw-certificate-'));
// As root, the gateway runs as a separate user, which must be able to read the files.
chmodSync(folder, 0o755);
const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];

/** Replaces the certificate with one that is valid for this number of days. */
function renew(days: number): void {
  const issued = authority.issue(['localhost'], days);
  for (const [from, to] of [
    [issued.certFile, cert],
    [issued.keyFile, key],
  ] as const) {
    copyFileSync(from, `${to}.new`);
    chmodSync(`${to}.new`, 0o644);
    renameSync(`${to}.new`, to);
  }
}

renew(30);
const [port = 0] = await findFreePorts(1);
const url = `https://localhost:${port}`;
const ui = setUpBrowserTest({
  env: { TLS_CERT: cert, TLS_KEY: key, GATEWAY_TLS_PORT: String(port), GATEWAY_URL: url },
});
afterAll(() => {
  authority.remove();
  rmSync(folder, { recursive: true });
});

const itemOf = (page: Page) =>
  page.getByRole('list', { name: 'Needs review' }).getByRole('listitem').filter({ hasText: 'Its TLS certificate' });

async function openReview(): Promise<Page> {
  // The browser does not know the authority.
  const { page } = await ui.openPage({ ignoreHTTPSErrors: true });
  await logIn(page, { url, env: ui.gateway.env }, { path: '/review' });
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'Nothing needs review' }).waitFor();
  return page;
}

it('reports on the open page that a certificate expires within 14 days, and that it has been renewed', async () => {
  const page = await openReview();
  renew(6);
  await itemOf(page)
    // Counted from the start of the minute.
    .getByText(/^Its TLS certificate for localhost expires within [67] days$/)
    .waitFor(SOON);
  await itemOf(page)
    .getByText(/Put the renewed certificate where TLS_CERT and TLS_KEY point/)
    .waitFor();
  await page.getByRole('link', { name: 'Needs review 1 item' }).waitFor();
  renew(30);
  await page.getByRole('heading', { name: 'Nothing needs review' }).waitFor(SOON);
});

it('reports it when the date is reached, without a reload', async () => {
  const page = await openReview();
  await page.clock.setSystemTime(Date.now() + 20 * DAY_MS);
  await itemOf(page)
    .getByText(/expires within 1[01] days/)
    .waitFor(SOON);
});
