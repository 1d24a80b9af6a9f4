import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareMachine } from './test/prepare-machine.ts';

const machine = prepareMachine();
const { facts, find, messages, program } = machine;

test('an NGINX that is missing, too old, or cannot be run is reported', async () => {
  const missing = { NGINX_BIN: join(machine.folder, 'no-nginx') };
  expect(await messages('nginx', facts(missing))).toContain('is not installed');
  const NGINX_BIN = program('old-nginx', 'echo "nginx version: nginx/1.18.0" >&2');
  expect(await messages('nginx', facts({ NGINX_BIN }))).toContain('1.18.0 is too old');
  expect(await messages('nginx', facts({ NGINX_BIN: program('ill-nginx', 'exit 127') }))).toContain('cannot be run');
  const good = program('new-nginx', 'echo "nginx version: nginx/1.28.0" >&2');
  expect(await find('nginx', facts({ NGINX_BIN: good }))).toEqual([]);
});

test('a missing Lua module of NGINX, and missing libraries, are reported', async () => {
  const NGINX_BIN = program('nginx', 'echo "nginx version: nginx/1.28.0 --modules-path=/usr/lib/nginx/modules" >&2');
  const reported = await messages('lua', facts({ NGINX_BIN, NGINX_MODULES: join(machine.folder, 'bin') }));
  expect(reported).toContain('ngx_http_lua_module.so');
  const alone = await messages('lua', facts({ NGINX_BIN }, { system: machine.folder }));
  expect(alone).toMatch(/library lua-resty-core is missing[^]*library lua-cjson is missing/);
});

test('NGINX with Lua built in needs no module, OpenResty no library either', async () => {
  const stand = (name: string, version: string, module: string) =>
    program(name, `echo "nginx version: ${version} --prefix=/opt/n --add-module=../${module}" >&2`);
  const openresty = stand('openresty', 'openresty/1.27.1.2', 'ngx_lua-0.10.28');
  expect(await find('nginx', facts({ NGINX_BIN: openresty }))).toEqual([]);
  expect(await find('lua', facts({ NGINX_BIN: openresty }, { system: machine.folder }))).toEqual([]);
  const built = stand('built-nginx', 'nginx/1.28.0', 'lua-nginx-module');
  const reported = await messages('lua', facts({ NGINX_BIN: built }, { system: machine.folder }));
  expect(reported).toMatch(/^the Lua library lua-resty-core is missing\nthe Lua library lua-cjson is missing$/);
  // For one with neither, the message contains the folder in which the module was searched.
  const bare = stand('bare-nginx', 'nginx/1.28.0', 'echo-nginx-module');
  expect(await messages('lua', facts({ NGINX_BIN: bare }))).toMatch(/bare-nginx\) has no Lua.*\/opt\/n\/modules$/m);
  const other = program('other', 'echo "busybox" >&2');
  expect(await messages('nginx', facts({ NGINX_BIN: other }))).toContain('is not NGINX');
});

test('missing builds, and builds that are older than their sources, are reported', async () => {
  const reported = await messages('built', facts());
  for (const part of ['the programs', 'the gate', 'the UI']) expect(reported).toContain(`${part} is not built`);
  for (const file of ['dist/registry.js', 'nginx/dist/gate.lua', 'ui/dist/index.html', 'registry/main.ts']) {
    mkdirSync(join(machine.root, file, '..'), { recursive: true });
    writeFileSync(join(machine.root, file), '');
  }
  expect(await find('built', facts())).toEqual([]);
  utimesSync(join(machine.root, 'dist/registry.js'), 1, 1);
  expect(await messages('built', facts())).toContain('older than its source');
});

test('each missing program of the supervision is reported with its package', async () => {
  const reported = await messages('supervisor', facts());
  for (const one of ['s6-svscan (of s6)', 's6-log (of s6)', 'setpriv (of util-linux)', 'flock (of util-linux)'])
    expect(reported).toContain(`${one} is missing`);
  for (const name of ['s6-svscan', 's6-log', 'setpriv', 'flock']) program(name, 'true');
  expect(await find('supervisor', facts())).toEqual([]);
});
