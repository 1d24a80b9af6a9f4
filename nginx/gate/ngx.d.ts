// The part of lua-nginx-module's API that the gate uses (github.com/openresty/lua-nginx-module, 0.10.23 and later). What may be nil is
// undefined here; strings are bytes.

interface SharedDictionary {
  get(key: string): number | string | boolean | undefined;
  set(key: string, value: number | string | boolean, expiresInS?: number): void;
}

/** @noSelf */
declare namespace ngx {
  let status: number;
  /** NGINX variables by name; a header that is absent, or a variable without value, is undefined. */
  const var_: Record<string, string | undefined>;
  /** Headers of the reply. */
  const header: Record<string, string | number | undefined>;
  /** In a body filter: `arg[0]` is the chunk, `arg[1]` says that it is the last (TypeScript counts from 0, Lua from 1). */
  const arg: [string, boolean];
  const ERR: number;
  const WARN: number;
  const NOTICE: number;
  /** Goes on in another location; ends the handler. */
  function exec(this: void, uri: string, args?: string): never;
  function exit(this: void, status: number): never;
  function print(this: void, text: string): void;
  /** Seconds with milliseconds, as of the beginning of the event. */
  function now(this: void): number;
  function log(this: void, level: number, ...text: (string | number)[]): void;
  function sleep(this: void, seconds: number): void;
  function decode_base64(this: void, text: string): string | undefined;
  namespace req {
    function get_method(this: void): string;
    /** Every header, names in lower case unless `isRaw`; several of one name are an array. */
    function get_headers(this: void, most: number, isRaw?: boolean): Record<string, string | string[]>;
    function read_body(this: void): void;
    function get_body_data(this: void): string | undefined;
    function get_body_file(this: void): string | undefined;
  }
  namespace timer {
    function at(this: void, seconds: number, run: (this: void, premature: boolean) => void): boolean;
  }
  namespace worker {
    function exiting(this: void): boolean;
  }
}
