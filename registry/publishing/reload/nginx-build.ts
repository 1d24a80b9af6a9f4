/** Properties of an NGINX, as reported by `nginx -V`. */
export interface NginxBuild {
  version: [major: number, minor: number, patch: number];
  /** Folder of its dynamic modules. */
  modulesDir: string;
  /** Lua is built in, so that no module is loaded for it. */
  hasLua: boolean;
  /** It is an OpenResty, which includes the Lua libraries of the gate. */
  isOpenResty: boolean;
}

/** Source folders of the Lua module: OpenResty's, that of its repository, and Debian's. */
const LUA_BUILT_IN = /--add-module=\S*(ngx_lua-|lua-nginx-module|nginx-mod-http-lua)/;

/** Parses the output of `nginx -V`; null: not NGINX. */
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
