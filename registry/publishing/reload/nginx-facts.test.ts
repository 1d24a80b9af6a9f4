import { describe, expect, it } from 'vitest';
import { detectFacts, needsDrain, readFacts, requireLua } from './nginx-facts.ts';

describe('readFacts', () => {
  it('reads version and modules of Debian’s NGINX, and of one without --modules-path', () => {
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

  it('finds Lua that is built in, as in OpenResty, and asks for the module where it is not', () => {
    const said = (module: string) => `nginx version: openresty/1.27.1.2\n--prefix=/opt/n/nginx ${module}`;
    for (const folder of ['../ngx_lua-0.10.28', '/src/lua-nginx-module', '/src/libnginx-mod-http-lua-0.10.23']) {
      const facts = readFacts(said(`--add-module=${folder}`), undefined, '');
      expect(facts.hasLua, folder).toBe(true);
      requireLua(facts);
    }
    for (const none of ['--add-module=../ngx_lua_upstream-0.07', '--add-dynamic-module=../ngx_lua-0.10.28', '']) {
      const facts = readFacts(said(none), undefined, '');
      expect(facts.hasLua, none).toBeUndefined();
      expect(() => requireLua(facts)).toThrow('/opt/n/nginx/modules/ngx_http_lua_module.so is not there');
    }
  });

  it('refuses what is no NGINX, and says what to do when there is none', async () => {
    expect(() => readFacts('busybox', undefined, '')).toThrow(/This is not NGINX/);
    const asked = detectFacts({ nginxBin: '/nonexistent/nginx', modulesDir: undefined, caFile: '' });
    await expect(asked).rejects.toMatchObject({
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
