import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
/** The rules whose result depends on the theme. Colours are the same on a phone. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** The sizes that each page is checked at; at OTHER_WIDTHS only its layout is measured. */
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 800 };
const OTHER_WIDTHS = [768, 3840];
/** Options of a page that is checked. Reduced motion, because the skeleton animation is infinite. */
export const CHECK_OPTIONS = { colorScheme: 'light' as const, reducedMotion: 'reduce' as const, viewport: WIDE };

type Rules = 'all' | 'colours' | 'no colours';

async function findViolations(page: Page, rules: Rules): Promise<unknown[]> {
  // Once per document: it is half a megabyte of script.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const options = {
    ...(rules === 'colours' ? { runOnly: COLOUR_RULES } : { runOnly: WCAG }),
    ...(rules === 'no colours' && { rules: Object.fromEntries(COLOUR_RULES.map((id) => [id, { enabled: false }])) }),
    resultTypes: ['violations'],
  };
  const violations = await page.evaluate(async (runOptions) => {
    // Content out of view is rendered too: otherwise it keeps the colours of the other theme.
    for (const item of document.querySelectorAll('li')) item.style.contentVisibility = 'visible';
    // Axe measures the current colours, so a theme must apply immediately, without transitions. (A constructed style sheet, since the page's
    // policy forbids inline styles.)
    if (document.adoptedStyleSheets.length === 0) {
      const noMotion = new CSSStyleSheet();
      noMotion.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
      document.adoptedStyleSheets = [noMotion];
    }
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    const { run } = (globalThis as unknown as { axe: { run: (options: unknown) => Promise<AxeResults> } }).axe;
    return (await run(runOptions)).violations;
  }, options);
  return violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
  }));
}

type SetTheme = (page: Page, theme: 'light' | 'dark') => Promise<void>;
/** Sets the system theme of the browser. */
const emulateTheme: SetTheme = (page, colorScheme) => page.emulateMedia({ colorScheme });
/** Sets the theme of the UI, for a browser whose system theme cannot be set. */
export const chooseTheme: SetTheme = (page, theme) =>
  page.evaluate((name) => void (document.documentElement.dataset['theme'] = name), theme);

/** Expects that the page as it is now has no violation of WCAG 2.2 AA, in both themes and on a phone, and fits into each window. */
export async function expectAccessible(page: Page, what: string, setTheme: SetTheme = emulateTheme): Promise<void> {
  expect.soft(await findViolations(page, 'all'), what).toEqual([]);
  expect.soft(await isTooWide(page), what).toBe(false);
  await setTheme(page, 'dark');
  expect.soft(await findViolations(page, 'colours'), `${what}, dark`).toEqual([]);
  await setTheme(page, 'light');
  for (const width of OTHER_WIDTHS) {
    await page.setViewportSize({ ...WIDE, width });
    expect.soft(await isTooWide(page), `${what}, ${width} px`).toBe(false);
  }
  await page.setViewportSize(PHONE);
  expect.soft(await findViolations(page, 'no colours'), `${what}, phone`).toEqual([]);
  expect.soft(await isTooWide(page), `${what}, phone`).toBe(false);
  await page.setViewportSize(WIDE);
}

/** Navigates within the open UI, without reloading it, and waits until the page has loaded. */
export async function openInPlace(page: Page, path: string, heading: string): Promise<void> {
  await page.evaluate(async (to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
    await new Promise(requestAnimationFrame);
  }, `/ui${path}`);
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  await page
    .getByRole('status', { name: /^Loading/ })
    .first()
    .waitFor({ state: 'detached' });
}

/** Whether the page scrolls horizontally. */
function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
