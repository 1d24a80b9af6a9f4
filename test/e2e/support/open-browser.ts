import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

/** Without the networking flags Chromium connects to Google hosts at each start. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs in the page before its own scripts. */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  window.reportViolation([event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber, event.sample].join(' ')))`;

const CHROMIUM = '/usr/bin/chromium';
const HEADLESS_SHELL = '/usr/bin/chromium-headless-shell';
/** The first that is installed, unless CHROMIUM names another one. */
const choose = (first: string, second: string) => process.env['CHROMIUM'] ?? (existsSync(first) ? first : second);

/** Debian's Chromium; tests use the headless shell, which takes half of the CPU. */
export const BROWSER = { executablePath: choose(HEADLESS_SHELL, CHROMIUM), args: FLAGS };

export interface OpenPage {
  context: BrowserContext;
  page: Page;
  /** Exceptions, console errors and CSP violations; none may occur. */
  problems: string[];
}

/** Starts the full browser, for measurements and screenshots. Close it at the end. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ ...BROWSER, executablePath: choose(CHROMIUM, HEADLESS_SHELL) });
}

/** Opens a page in a new context (cookies, storage) and records its problems. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const problems: string[] = [];
  // From inside the page, because report-only violations are visible nowhere else.
  await context.exposeFunction('reportViolation', (text: string) => void problems.push(`CSP: ${text}`));
  await context.addInitScript({ content: REPORT_VIOLATIONS });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => problems.push(`exception: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    // Chromium logs this for each 4xx; expected ones are asserted in the tests.
    const isResponse = message.text().startsWith('Failed to load resource') || message.text().includes('WebSocket');
    if (message.type() === 'error' && !isResponse) problems.push(`console: ${message.text()}`);
  });
  return { context, page, problems };
}
