/// <reference types="@typescript-to-lua/language-extensions" />

/** What the gate needs of LuaJIT, libc, libcrypto and NGINX: the module `platform/system`, hand-written in Lua. */

/** What went wrong; second result of everything that can fail. */
type Message = string;

/** A SHA-256 key schedule made once by `createMac`. */
export interface Mac {
  readonly mac: unique symbol;
}

/** `changed`: an entry of a watched folder. `folder`: the folder itself was moved, deleted or unmounted. `overflow`: events were lost. */
export type WatchEvent = 'changed' | 'folder' | 'overflow';

/** @noSelf */
export interface Platform {
  /** Asserts each struct layout and library that needs no request. Call it in `init_by_lua`, and throw what it returns. */
  checkStart(): Message | undefined;
  /** Asserts NGINX's request and connection. Call it in `init_worker_by_lua`; while it returns a message, no request may pass. */
  checkWorker(): Message | undefined;

  /** 64 lower-case hex digits. */
  sha256Hex(text: string): string;
  /** HMAC-SHA256 (RFC 2104) with this key, of any length. */
  createMac(key: string): Mac;
  /** The first `bytes` bytes (1 to 32) of the MAC of `head` followed by `tail`, in lower-case hex digits. */
  macHex(mac: Mac, head: string, tail: string, bytes: number): string;
  /** Compares strings in a time that depends on their lengths only. */
  isSame(one: string, two: string): boolean;
  /** CRC-32 (ISO 3309, as in zip), 0 to 2^32 - 1. */
  crc32(text: string): number;
  /** `count` bytes (1 to 256) of the kernel's generator. */
  randomBytes(count: number): LuaMultiReturn<[string] | [undefined, Message]>;
  /** An integer for `math.randomseed`. Call it in `init_worker_by_lua`: forked workers share the state of the master's generator. */
  randomSeed(): LuaMultiReturn<[number] | [undefined, Message]>;
  /** A UUIDv7 (RFC 9562) of a time in epoch seconds as 32 hex digits, by the generator that was seeded with `randomSeed`: nobody's secret. */
  drawId(now: number): string;

  /**
   * The bytes of a regular file, its signature, and whether it changed so recently that a further change could leave the same signature.
   * Otherwise why not. Symbolic links are not followed, and nothing blocks.
   */
  readFile(
    path: string,
    maxBytes: number,
  ): LuaMultiReturn<
    [text: string, signature: string, isRecent: boolean] | [undefined, 'missing' | 'unreadable' | 'too_large', Message]
  >;
  /** Differs when the file at `path` was replaced, removed, changed or has other permissions (statx). Never fails: an error is a signature. */
  signatureOf(path: string): string;
  /**
   * Like `readFile`, then the bytes read and the JSON value: objects and arrays as tables, null as `jsonNull`, at most 64 levels deep. Where it
   * is no JSON, no value and what is wrong with it.
   */
  readJson(
    path: string,
    maxBytes: number,
  ): LuaMultiReturn<
    | [signature: string, isRecent: boolean, bytes: number, value: unknown, problem: Message | undefined]
    | [undefined, 'missing' | 'unreadable' | 'too_large', Message]
  >;
  readonly jsonNull: unknown;

  /** A non-blocking inotify queue. */
  openQueue(): LuaMultiReturn<[number] | [undefined, Message]>;
  /** Watches a folder's entries and itself; `self` watches itself only. Returns the id that events carry. */
  watchFolder(queue: number, path: string, self?: boolean): LuaMultiReturn<[number] | [undefined, Message]>;
  /** Hands over what is queued (empty `name`: the folder itself) and returns the number of events. */
  drainQueue(
    queue: number,
    handle: (watch: number, event: WatchEvent, name: string) => void,
  ): LuaMultiReturn<[number] | [undefined, Message]>;
  closeQueue(queue: number): void;

  /** Of the running request: an id that lasts from its first to its log phase, the connection's descriptor and its inode. */
  readConnection(): LuaMultiReturn<[id: number, descriptor: number, inode: number] | [undefined, Message]>;
  /** The same id alone, for the log phase. */
  readRequestId(): number | undefined;
  /** Whether the descriptor is still this socket. */
  isSocket(descriptor: number, inode: number): boolean;
  /** shutdown(2) in both directions: NGINX then ends what runs there as if the client had gone. The descriptor stays NGINX's. */
  shutDown(descriptor: number): LuaMultiReturn<[true] | [undefined, Message]>;
  /**
   * Runs `body` every `seconds`, also in a worker that is shutting down, as long as anything else keeps that worker. What `body` throws is
   * logged. One loop a worker: all bodies run at the first one's interval.
   */
  runEvery(seconds: number, body: () => void): LuaMultiReturn<[true] | [undefined, Message]>;

  /** A lock for all workers, in memory that those inherit that are forked later; its address. Call it in NGINX's master. */
  createLock(): LuaMultiReturn<[address: number] | [undefined, Message]>;
  /** Which lock `locked` takes. */
  useLock(address: number): void;
  /** Runs `run` alone among all workers, and returns what it returns. It must not yield. Throws what it throws. */
  locked<A, B, C, R>(run: (this: void, one: A, two: B, three: C) => R, one: A, two: B, three: C): R;
  /** Whether a process is there. */
  isAlive(pid: number): boolean;
  /** Process id of this worker. */
  workerId(): number;

  /** Makes a folder 0700 if it is not there. */
  makeFolder(path: string): LuaMultiReturn<[true] | [undefined, Message]>;
  /** Writes a file 0600 by a temporary one and rename. */
  replaceFile(path: string, text: string): LuaMultiReturn<[true] | [undefined, Message]>;
  /** Opens an existing file for `writeAt`. */
  openFile(path: string): LuaMultiReturn<[descriptor: number] | [undefined, Message]>;
  closeFile(descriptor: number): void;
  writeAt(descriptor: number, text: string, offset: number): LuaMultiReturn<[true] | [undefined, Message]>;
  /** 64 bytes for a name of up to 39 and a number. */
  writeRecord(name: string, value: number): string;
  /** What `writeRecord` wrote; `at`: of its first byte, counted from 1. */
  readRecord(text: string, at: number): LuaMultiReturn<[name: string | undefined, value: number | undefined]>;

  /** Seconds since 1970, as of the running event (`ngx.now`). */
  now(): number;
  log(level: 'error' | 'warn' | 'notice', message: string): void;
  /** A step of the garbage collector, as after `kilobytes` of new memory. */
  stepCollector(kilobytes: number): void;
  /** What the Lua heap holds. */
  countKilobytes(): number;
}
