import { Validator } from '@cfworker/json-schema';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listEndpoints } from '../../../registry/http/create-app.ts';
import { createClient } from './client.ts';
import { expectAsDescribed } from './open-api.ts';
import { createDataDir, startApp, type Started } from './start-app.ts';

interface Layer {
  route?: { path: string | string[]; methods: Record<string, boolean> };
}

let folder: ReturnType<typeof createDataDir>;
let app: Started;
let document: Record<string, Record<string, Record<string, unknown>>>;
beforeAll(async () => {
  folder = createDataDir();
  const uiDir = join(folder.dataDir, 'ui');
  mkdirSync(join(uiDir, 'assets'), { recursive: true });
  writeFileSync(join(uiDir, 'index.html'), '<!doctype html><base href="./"><title>mcpgw</title>');
  writeFileSync(join(uiDir, 'assets', 'index-abc123.js'), 'export {};');
  writeFileSync(join(uiDir, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  app = await startApp(folder.dataDir, { deps: { uiDir } });
  document = (await (await fetch(`${app.url}/openapi.json`)).json()) as typeof document;
});
afterAll(async () => {
  await app.close();
  folder.remove();
});

test('every route of the app is in the document, and nothing else', () => {
  const stack = (app.app as unknown as { router: { stack: Layer[] } }).router.stack;
  const served = stack.flatMap(({ route }) => {
    if (route === undefined || Object.keys(route.methods).length !== 1 || '_all' in route.methods) return [];
    const [method = ''] = Object.keys(route.methods);
    return [route.path].flat().map((path) => `${method} ${path.replaceAll(/[:*](\w+)/g, '{$1}')}`);
  });
  const isApi = (route: string) => !/^get \/(ui.*)?$/.test(route); // pages, not endpoints
  const described = Object.entries(document['paths'] ?? {}).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  );
  expect(served.filter(isApi).toSorted()).toEqual(described.toSorted());
  expect(described.length).toBeGreaterThan(50);
});

test('the document is consistent: ids are unique, references resolve, and examples match the schemas', () => {
  const endpoints = listEndpoints(app.deps);
  const text = JSON.stringify(document);
  for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
    expect(document['components']?.['schemas']).toHaveProperty(name ?? '');
  const ids = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBe(endpoints.length);
  for (const { path, body, example } of endpoints)
    if (example !== undefined) expect(body?.safeParse(example).success, path).toBe(true);
  for (const schema of Object.values(document['components']?.['schemas'] ?? {}))
    expect(() => new Validator({ ...(schema as object), components: document['components'] })).not.toThrow();
});

test('the check of responses against the document can fail', () => {
  const ask = (status: number, body: unknown) => {
    expectAsDescribed(document, 'GET', `${app.url}/healthz`, status, 'application/json', JSON.stringify(body));
  };
  ask(200, { status: 'alive' });
  expect(() => ask(200, { status: 'dead' })).toThrow();
  expect(() => ask(200, { status: 'alive', more: 1 })).toThrow();
  expect(() => ask(299, { status: 'alive' })).toThrow();
});

test('the documentation page shows every endpoint, without inline scripts or styles', async () => {
  const client = createClient(app.url);
  const page = await client.get('/docs');
  expect(page.headers.get('Content-Type')).toContain('text/html');
  for (const { path } of listEndpoints(app.deps)) expect(page.text).toContain(`<code>${path}</code>`);
  expect(page.text).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
  for (const [, id] of page.text.matchAll(/href="#([^"]+)"/g)) expect(page.text).toContain(`id="${id ?? ''}"`);
  expect((await client.get('/docs/style.css')).headers.get('Content-Type')).toContain('text/css');
});

test('the UI is served below /ui/: its routes return the page, and its files are cached', async () => {
  const client = createClient(app.url);
  const html = { headers: { Accept: 'text/html' } };
  expect((await client.get('/')).headers.get('Location')).toBe('ui/');
  expect((await client.get('/ui')).headers.get('Location')).toBe('ui/');
  for (const [path, base] of [
    ['/ui/', './'],
    ['/ui/servers', './'],
    ['/ui/servers/team%2Fsearch', '../'],
    ['/ui/servers/a.b/tools', '../../'],
    ['/ui/index.html', './'],
  ] as const) {
    const page = await client.get(path, html);
    expect(page.status, path).toBe(200);
    expect(page.text).toContain(`<base href="${base}">`);
    expect(page.headers.get('Cache-Control')).toBe('no-cache');
  }
  const script = await client.get('/ui/assets/index-abc123.js');
  expect(script.headers.get('Cache-Control')).toContain('immutable');
  expect((await client.get('/ui/icon.svg')).headers.get('Content-Type')).toContain('image/svg+xml');
  expect((await client.get('/ui/assets/gone.js', html)).status).toBe(404);
  expect((await client.get('/ui/gone.png')).status).toBe(404);
  expect((await client.get('/ui/..%2fmcpgw.db', html)).text).not.toContain('SQLite');
  expect((await client.get('/elsewhere', html)).status).toBe(404);
});
