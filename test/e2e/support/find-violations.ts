import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
/** The rules whose answer depends on the theme. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

async function findViolations(page: Page, rules?: string[]): Promise<unknown[]> {
  // Axe measures the current colours, so animations are finished first.
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
  // Legacy mode: no second page for the report; only pages with frames need that.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (rules === undefined ? axe.withTags(WCAG) : axe.withRules(rules)).analyze();
  return violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
  }));
}

/** Narrower than this, colours are those of the wide layout. */
const PHONE_WIDTH = 500;

/** Expects that the page as it is now has no violation of WCAG 2.2 AA, in the light and, where it is wide, the dark theme, and fits into the window. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // What is out of view is rendered too: it keeps the colours of the other theme otherwise.
  await page.evaluate(() => {
    for (const item of document.querySelectorAll('li')) item.style.contentVisibility = 'visible';
  });
  expect.soft(await findViolations(page), what).toEqual([]);
  if ((page.viewportSize()?.width ?? 0) > PHONE_WIDTH) {
    await page.emulateMedia({ colorScheme: 'dark' });
    expect.soft(await findViolations(page, COLOUR_RULES), `${what}, dark`).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
  }
  expect.soft(await isTooWide(page), what).toBe(false);
}

/** Opens a page of the UI and waits until nothing of it is loading. */
export async function openLoaded(page: Page, url: string, heading: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  await page
    .getByRole('status', { name: /^Loading/ })
    .first()
    .waitFor({ state: 'detached' });
}

/** Whether the page scrolls horizontally. */
export function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
