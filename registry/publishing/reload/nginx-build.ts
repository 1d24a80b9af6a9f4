/** What an NGINX says of itself when asked by `nginx -V`. */
export interface NginxBuild {
  version: [major: number, minor: number, patch: number];
  /** Where it looks for dynamic modules. */
  modulesDir: string;
  /** Lua is built in, so that no module is loaded for it. */
  hasLua: boolean;
  /** It is an OpenResty, which brings the Lua libraries of the gate too. */
  isOpenResty: boolean;
}

/** Folders by which the sources of the Lua module are named: OpenResty's, those of its repository, and Debian's. */
const LUA_BUILT_IN = /--add-module=\S*(ngx_lua-|lua-nginx-module|nginx-mod-http-lua)/;

/** Reads what `nginx -V` writes; null: it is no NGINX. */
export function readNginxBuild(output: string): NginxBuild | null {
  const [, name, major, minor, patch] = /nginx version: (\S*?)\/(\d+)\.(\d+)\.(\d+)/.exec(output) ?? [];
  if (name === undefined) return null;
  const prefix = /--prefix=([^\s']+)/.exec(output)?.[1] ?? '/usr/local/nginx';
  return {
    version: [Number(major), Number(minor), Number(patch)],
    modulesDir: /--modules-path=([^\s']+)/.exec(output)?.[1] ?? `${prefix}/modules`,
    hasLua: LUA_BUILT_IN.test(output),
    isOpenResty: name === 'openresty',
  };
}
