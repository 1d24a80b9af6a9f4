import { describe, expect, it } from 'vitest';
import { detectFacts, needsDrain, readFacts, requireLua } from './nginx-facts.ts';

describe('readFacts', () => {
  it('reads version and modules of the NGINX of Debian, and of one without --modules-path', () => {
    const debian =
      "nginx version: nginx/1.22.1\nconfigure arguments: --with-cc-opt='-g' --prefix=/usr/share/nginx --modules-path=/usr/lib/nginx/modules";
    expect(readFacts(debian, undefined, '/ca')).toEqual({
      version: [1, 22, 1],
      modulesDir: '/usr/lib/nginx/modules',
      caFile: '/ca',
    });
    expect(readFacts(debian, '/mine', '/ca').modulesDir).toBe('/mine');
    expect(readFacts('nginx version: openresty/1.27.1.2\n--prefix=/opt/n', undefined, '').modulesDir).toBe(
      '/opt/n/modules',
    );
  });

  it('detects built-in Lua, as in OpenResty, and otherwise requires the module', () => {
    const output = (module: string) => `nginx version: openresty/1.27.1.2\n--prefix=/opt/n/nginx ${module}`;
    for (const folder of ['../ngx_lua-0.10.28', '/src/lua-nginx-module', '/src/libnginx-mod-http-lua-0.10.23']) {
      const facts = readFacts(output(`--add-module=${folder}`), undefined, '');
      expect(facts.hasLua, folder).toBe(true);
      requireLua(facts);
    }
    for (const none of ['--add-module=../ngx_lua_upstream-0.07', '--add-dynamic-module=../ngx_lua-0.10.28', '']) {
      const facts = readFacts(output(none), undefined, '');
      expect(facts.hasLua, none).toBeUndefined();
      expect(() => requireLua(facts)).toThrow('/opt/n/nginx/modules/ngx_http_lua_module.so is missing');
    }
  });

  it('rejects a program that is not NGINX, and returns a hint when there is none', async () => {
    expect(() => readFacts('busybox', undefined, '')).toThrow(/This is not NGINX/);
    const detected = detectFacts({ nginxBin: '/nonexistent/nginx', modulesDir: undefined, caFile: '' });
    await expect(detected).rejects.toMatchObject({
      code: 'unavailable',
      hint: expect.stringContaining('NGINX_BIN') as string,
    });
  });
});

describe('needsDrain', () => {
  it.each([
    [[1, 22, 1], true],
    [[1, 26, 3], true],
    [[1, 27, 3], true],
    [[1, 27, 4], false],
    [[1, 28, 0], false],
    [[2, 0, 0], false],
  ] as const)('%j: %s', (version, expected) => {
    expect(needsDrain(version)).toBe(expected);
  });
});
