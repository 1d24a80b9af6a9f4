// The part of lua-nginx-module's API that the gate uses (github.com/openresty/lua-nginx-module, 0.10.23 and later). Lua's nil is undefined
// here; strings are bytes.

interface NginxRequest {
  get_method(this: void): string;
  /** Names in lower case unless `isRaw`; several headers of one name are an array. `most` 0: all of them. */
  get_headers(this: void, most: number, isRaw?: boolean): Record<string, string | string[]>;
  /** Yields until the body is there. */
  read_body(this: void): void;
  discard_body(this: void): void;
  /** 1.1, 2 …; 0.9 also where the reply is none; undefined: 1.2 or a later one, which NGINX takes for 1.1. */
  http_version(this: void): number | undefined;
  /** The body where it is in memory. */
  get_body_data(this: void): string | undefined;
  /** The file where it is not. */
  get_body_file(this: void): string | undefined;
}

/** A shared dictionary (ngx.shared.DICT); what it holds is seen by all workers. Methods, so called with ":". */
interface SharedDictionary {
  get(name: string): LuaMultiReturn<[value: number | string | undefined, flags: number | undefined]>;
  /** Never pushes out anything that has not expired. */
  safe_set(
    name: string,
    value: number | string,
    seconds?: number,
    flags?: number,
  ): LuaMultiReturn<[true] | [false | undefined, string]>;
  incr(name: string, by: number, from: number): LuaMultiReturn<[number] | [undefined, string]>;
  delete(name: string): void;
  /** Removes what has expired, at most so much. */
  flush_expired(most: number): number;
  /** 0: all. Blocks every worker while it is read. */
  get_keys(most: number): string[];
}

interface Nginx {
  status: number;
  /** Variables by name; a header that is absent is undefined. */
  readonly var: Record<string, string | undefined>;
  /** Headers of the reply; undefined removes one. */
  readonly header: Record<string, string | number | undefined>;
  /** What lasts as long as the request stays in this location. */
  readonly ctx: Record<string, unknown>;
  /** Body filter: the chunk, and whether it is the last. */
  readonly arg: [string, boolean];
  readonly req: NginxRequest;
  readonly shared: Record<string, SharedDictionary | undefined>;
  /** Goes on in another location; nothing after it runs. */
  exec(this: void, uri: string, args?: string): never;
  /** Ends the running phase; in a header filter, a status becomes an error page. */
  exit(this: void, status: number): never;
  print(this: void, text: string): void;
  /** Yields for so long. */
  sleep(this: void, seconds: number): void;
  /** Asks the system for the time, which `now` remembers during an event. */
  update_time(this: void): void;
  decode_base64(this: void, text: string): string | undefined;
}

declare const ngx: Nginx;
declare const os: { exit(this: void, status: number): never };
declare const math: { randomseed(this: void, seed: number): void };

/** What of the rendering the gate must know; `render` writes it in front of the built gate. */
interface GateSettings {
  /** Folder of the access files, absolute. */
  readonly accessDir: string;
  /** Version of the access files that this gate reads; for the registry, which does not go back to a gate that reads others. */
  readonly accessVersion: number;
  readonly maxBodyBytes: number;
  /** Folder of the counters of limits, absolute. */
  readonly limitsDir: string;
}

declare const GATE_SETTINGS: GateSettings;
