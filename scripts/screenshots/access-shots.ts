import type { Page } from 'playwright-core';

/** Screenshots of the pages about access, activity and audit, with the data that `stageAccess` prepares. */
export const ACCESS_SHOTS = [
  { name: 'agents', path: '/agents', heading: 'Agents' },
  { name: 'agent-keys', path: '/agents/support-bot', heading: 'support-bot' },
  {
    name: 'agent-grants',
    path: '/agents/support-bot/grants',
    heading: 'support-bot',
    then: async (page: Page) => {
      await page.getByRole('button', { name: 'Edit the grant for weather' }).click();
      await page.getByLabel('Tools', { exact: true }).fill('get-tiny-image\nget-sum');
      await page.getByRole('button', { name: 'Preview', exact: true }).click();
      await page.getByText(/Of \d+ requests? of the last day/).waitFor();
    },
  },
  { name: 'agent-limits', path: '/agents/support-bot/limits', heading: 'support-bot' },
  { name: 'access', path: '/agents/-/access', heading: 'Agents' },
  { name: 'groups', path: '/agents/-/groups', heading: 'Agents' },
  {
    name: 'activity',
    path: '/activity',
    heading: 'Activity',
    then: async (page: Page) => {
      await page.getByRole('table', { name: 'Calls' }).waitFor();
    },
  },
  {
    name: 'refused',
    path: '/activity?verdict=refused',
    heading: 'Activity',
    then: async (page: Page) => {
      await page
        .getByRole('button', { name: /Why was this refused/ })
        .first()
        .click();
      const answer = page.getByRole('group', { name: 'Why was this refused?' });
      await answer.waitFor();
      await answer.scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'audit',
    path: '/audit',
    heading: 'Audit',
    then: async (page: Page) => {
      await page.getByText('Agent changed').first().click();
      await page.getByLabel('Before and after').waitFor();
    },
  },
  {
    name: 'kill',
    path: '/agents/coding-assistant',
    heading: 'coding-assistant',
    then: async (page: Page) => {
      await page.getByRole('button', { name: 'Stop…' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
];
