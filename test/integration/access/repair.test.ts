import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashKey } from '../../../registry/access/agents/key.ts';
import { agentInput } from '../../../registry/contract/index.ts';
import { actor, prepareAccess } from './prepare-access.ts';
import { ACCESS_VERSION } from '../../../registry/contract/gate/access-version.ts';

const on = prepareAccess();

test('at start, access files that were changed, deleted or added by hand are corrected', async () => {
  const { server } = await on.register('weather');
  const key = on.app.first?.key ?? '';
  await on.app.close();
  const before = new Map(
    readdirSync(on.file(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'utf8')]),
  );
  const widened = `{"v":${ACCESS_VERSION},"agent":"first","enabled":true,"grants":[{"server":"mcpgw","tools":["*"]}]}`;
  writeFileSync(on.file('keys', `${hashKey(key)}.json`), widened);
  writeFileSync(on.file('keys', `${'a'.repeat(64)}.json`), widened);
  // Written by earlier versions of mcpgw.
  mkdirSync(on.file('agents'));
  writeFileSync(on.file('agents', 'first.json'), '{}');
  writeFileSync(on.file('keys', 'left.json.tmp'), 'x');
  mkdirSync(on.file('keys', 'folder'));
  writeFileSync(on.file('other.json'), '{}');
  chmodSync(on.file('keys', `${hashKey(key)}.json`), 0o644);
  rmSync(on.file('servers', `${server.id}.json`));
  await on.start();
  expect(on.app.sync.written.toSorted()).toEqual([`keys/${hashKey(key)}.json`, `servers/${server.id}.json`]);
  expect(on.app.sync.removed.toSorted()).toEqual(
    ['agents', 'keys/folder', 'keys/left.json.tmp', `keys/${'a'.repeat(64)}.json`, 'other.json'].toSorted(),
  );
  for (const [name, text] of before) expect(readFileSync(name, 'utf8'), name).toBe(text);
  expect(statSync(on.file('keys', `${hashKey(key)}.json`)).mode & 0o777).toBe(0o600);
});

test('a key file that names another agent is corrected and remains when that agent is removed', async () => {
  await on.app.access.agents.create(actor, agentInput.parse({ name: 'b' }));
  const name = `${hashKey(on.app.first?.key ?? '')}.json`;
  await on.app.close();
  writeFileSync(on.file('keys', name), '{"v":1,"agent":"b"}');
  await on.start();
  await on.app.access.agents.remove(actor, 'b');
  expect(on.read('keys', name)).toMatchObject({ agent: 'first' });
});

test('a file that cannot be written is reported as stored but not yet enforced, and is written as soon as possible', async () => {
  // A folder in place of the file: a rename onto it fails for root too, as on a full disk.
  const place = on.file('keys', on.first());
  rmSync(place);
  mkdirSync(join(place, 'in-the-way'), { recursive: true });
  await expect(on.app.access.agents.change(actor, 'first', { enabled: false })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('stored but not yet enforced') as string,
  });
  expect(on.app.access.files.overdue()).toEqual(['keys/*.json of first']);
  expect(await on.app.access.agents.get('first')).toMatchObject({ enabled: false });
  const ready = await fetch(`${on.app.url}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    detail: expect.stringContaining('access/keys/*.json of first') as string,
  });
  rmSync(place, { recursive: true });
  await expect.poll(() => existsSync(place), { timeout: 20_000 }).toBe(true);
  expect(on.read('keys', on.first())).toMatchObject({ enabled: false });
  await expect.poll(() => on.app.access.files.overdue()).toEqual([]);
});
