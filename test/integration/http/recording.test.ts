import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serverFile } from '../../../registry/contract/index.ts';
import type { Client } from './client.ts';
import { useApp, type UsedApp } from './use-app.ts';

let folder: UsedApp['folder'];
let app: UsedApp['app'];
let admin: Client;
const restart = useApp('file', (used) => ({ folder, app, client: admin } = used));

test('nothing of a server is recorded by default; a recording is in its access file before it is answered', async () => {
  const created = await admin.post('/api/servers', { body: { path: 'team/shop', url: 'http://127.0.0.1:9/mcp' } });
  const file = () =>
    serverFile.parse(
      JSON.parse(readFileSync(join(folder.dataDir, 'access/servers', `${String(created.json['id'])}.json`), 'utf8')),
    );
  const url = '/api/servers/team%2Fshop/recording';
  const nothing = { toolErrors: false, arguments: false, results: false, redact: [] };
  expect((await admin.get(url)).json).toEqual(nothing);
  expect(file().recording).toBeUndefined();
  const expected = { ...nothing, toolErrors: true, arguments: true, redact: ['iban'] };
  expect((await admin.put(url, { body: { toolErrors: true, arguments: true, redact: ['iban'] } })).json).toEqual(
    expected,
  );
  expect(file().recording).toEqual(expected);
  await restart();
  expect(app.sync.written).toEqual([]);
  expect((await admin.get(url)).json).toEqual(expected);
  await admin.put(url, { body: {} });
  expect(file().recording).toBeUndefined();
  const { items } = (await admin.get('/api/audit?action=recording.changed')).json as { items: object[] };
  expect(items).toMatchObject([{ target: 'team/shop', before: expected, after: nothing }, { before: nothing }]);
  expect((await admin.get('/api/servers/none/recording')).status).toBe(404);
});
