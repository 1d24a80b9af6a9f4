import { beforeAll, describe, expect, it } from 'vitest';
import type { ServerView } from '../../registry/contract/index.ts';
import { setUpBrowserTest } from './support/browser-test.ts';
import { expectAccessible } from './support/find-violations.ts';

const ui = setUpBrowserTest();
const show = () => ui.gateway.admin.must<ServerView>('GET', '/api/servers/desk');

describe('virtual servers', () => {
  beforeAll(async () => {
    await ui.gateway.register({ path: 'everything', name: 'Everything', url: ui.everything });
  });

  it('are created by selecting tools, renaming them and fixing arguments', async () => {
    const page = await ui.openLoggedIn('/register');
    await page.getByRole('link', { name: 'New virtual server' }).click();
    await page.getByRole('heading', { name: 'New virtual server' }).waitFor();
    await page.getByLabel('Search tools by what they do').fill('echo');
    await page.getByRole('checkbox', { name: /^echo / }).check();
    await page.getByLabel('Search tools by what they do').fill('sum');
    await page.getByRole('checkbox', { name: /^get-sum / }).check();
    const sum = page.getByRole('listitem', { name: 'get-sum of everything' });
    await sum.getByLabel('Name').fill('echo');
    await sum.getByText('Another tool is named “echo”').waitFor();
    await sum.getByLabel('Name').fill('add_to_40');
    await sum.getByText('2 arguments').click();
    await sum.getByLabel('a: value source').selectOption('Fixed value');
    await sum.getByLabel('Value of a').fill('forty');
    await sum.getByText('enter a value of the type number').waitFor();
    await expectAccessible(page, 'virtual');
    await sum.getByLabel('Value of a').fill('40');
    await page.getByLabel('Path').fill('desk');
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await page.getByRole('heading', { name: 'Sources' }).waitFor();
    expect((await show()).virtual).toEqual({
      version: 1,
      tools: [
        { server: 'everything', tool: 'echo' },
        { server: 'everything', tool: 'get-sum', name: 'add_to_40', fixed: { a: 40 } },
      ],
    });
  });

  it('are edited in versions, which can be restored', async () => {
    const page = await ui.openLoggedIn('/servers/desk/-/sources');
    await page.getByRole('link', { name: 'Edit tools' }).waitFor();
    await expectAccessible(page, 'sources');
    await page.getByRole('link', { name: 'Edit tools' }).click();
    await page.getByRole('button', { name: 'Remove get-sum of everything' }).click();
    await page.getByRole('button', { name: 'Save as next version' }).click();
    await page.getByRole('button', { name: 'Restore version 1' }).click();
    await page.getByText('Version 1 restored').waitFor();
    await page.getByText('Version 3').first().waitFor();
    expect((await show()).virtual).toMatchObject({ version: 3, tools: [{}, { name: 'add_to_40' }] });
  });
});
