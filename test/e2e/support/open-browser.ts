import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

/** Without the networking flags Chromium asks Google's hosts at each start. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs in the page, before anything of its own. */
const TELL_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  window.tellViolation([event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber, event.sample].join(' ')))`;

export interface OpenPage {
  context: BrowserContext;
  page: Page;
  /** What must never happen: exceptions, errors on the console, violations of the CSP. */
  problems: string[];
}

/** Starts Debian's Chromium. Close it in `afterAll`. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS });
}

/** A page in a context of its own (cookies, storage), with a listener for what must never happen. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const problems: string[] = [];
  // From inside the page, since a violation that is only reported shows nowhere else.
  await context.exposeFunction('tellViolation', (text: string) => void problems.push(`CSP: ${text}`));
  await context.addInitScript({ content: TELL_VIOLATIONS });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => problems.push(`exception: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    // Chromium says this of each 4xx; those that are meant are looked at in the tests themselves.
    const isAnswer = message.text().startsWith('Failed to load resource') || message.text().includes('WebSocket');
    if (message.type() === 'error' && !isAnswer) problems.push(`console: ${message.text()}`);
  });
  return { context, page, problems };
}
