// The part of lua-nginx-module's API that the gate uses (github.com/openresty/lua-nginx-module, 0.10.23 and later). Lua's nil is undefined
// here; strings are bytes.

interface NginxRequest {
  get_method(this: void): string;
  /** Names in lower case unless `isRaw`; several headers of one name are an array. `max` 0: all of them. */
  get_headers(this: void, max: number, isRaw?: boolean): Record<string, string | string[]>;
  /** Yields until the body has arrived. */
  read_body(this: void): void;
  discard_body(this: void): void;
  /** 1.1, 2 …; 0.9 also for an invalid reply; undefined: 1.2 or a later 1.x, which NGINX treats as 1.1. */
  http_version(this: void): number | undefined;
  /** The body, if it is in memory. */
  get_body_data(this: void): string | undefined;
  /** The file, if it is not. */
  get_body_file(this: void): string | undefined;
}

/** A shared dictionary (ngx.shared.DICT); all workers see its contents. Its functions are methods, called with ":". */
interface SharedDictionary {
  get(name: string): LuaMultiReturn<[value: number | string | undefined, flags: number | undefined]>;
  /** Never evicts an entry that has not expired. */
  safe_set(
    name: string,
    value: number | string,
    seconds?: number,
    flags?: number,
  ): LuaMultiReturn<[true] | [false | undefined, string]>;
  incr(name: string, by: number, from: number): LuaMultiReturn<[number] | [undefined, string]>;
  delete(name: string): void;
  /** Removes up to `max` expired entries. */
  flush_expired(max: number): number;
  /** 0: all. Blocks every worker while it runs. */
  get_keys(max: number): string[];
}

interface Nginx {
  status: number;
  /** Variables by name; a header that is absent is undefined. */
  readonly var: Record<string, string | undefined>;
  /** Headers of the reply; undefined removes one. */
  readonly header: Record<string, string | number | undefined>;
  /** Lives as long as the request stays in this location. */
  readonly ctx: Record<string, unknown>;
  /** Body filter: the chunk, and whether it is the last. */
  readonly arg: [string, boolean];
  readonly req: NginxRequest;
  readonly shared: Record<string, SharedDictionary | undefined>;
  /** Continues in another location; nothing after it runs. */
  exec(this: void, uri: string, args?: string): never;
  /** Ends the running phase; in a header filter, a status becomes an error page. */
  exit(this: void, status: number): never;
  print(this: void, text: string): void;
  /** Yields for this time. */
  sleep(this: void, seconds: number): void;
  /** Reads the time from the system; `now` returns the cached time during an event. */
  update_time(this: void): void;
  decode_base64(this: void, text: string): string | undefined;
}

declare const ngx: Nginx;
declare const os: { exit(this: void, status: number): never };
declare const math: { randomseed(this: void, seed: number): void };

/** Settings that the gate needs; `render` writes them before the built gate. */
interface GateSettings {
  /** Folder of the access files, absolute. */
  readonly accessDir: string;
  /** Version of the access files that this gate reads; for the registry, which does not roll back to a gate that reads a different one. */
  readonly accessVersion: number;
  readonly maxBodyBytes: number;
  /** Folder of the counters of limits, absolute. */
  readonly limitsDir: string;
}

declare const GATE_SETTINGS: GateSettings;
