/// <reference types="@typescript-to-lua/language-extensions" />

/** What the gate needs from LuaJIT, libc, libcrypto and NGINX: the module `platform/system`, hand-written in Lua. */

/** What went wrong; the second result of every function that can fail. */
type Message = string;

/** A SHA-256 key schedule created once by `createMac`. */
export interface Mac {
  readonly mac: unique symbol;
}

/** `changed`: an entry of a watched folder. `folder`: the folder itself was moved, deleted or unmounted. `overflow`: events were lost. */
export type WatchEvent = 'changed' | 'folder' | 'overflow';

/** @noSelf */
export interface Platform {
  /** Checks the struct layouts and libraries for which no request is needed. Call it in `init_by_lua`, and throw what it returns. */
  checkStart(): Message | undefined;
  /** Checks the layout of NGINX's request and connection. Call it in `init_worker_by_lua`; if it returns a message, no request may pass. */
  checkWorker(): Message | undefined;

  /** 64 lower-case hex digits. */
  sha256Hex(text: string): string;
  /** HMAC-SHA256 (RFC 2104) with this key, of any length. */
  createMac(key: string): Mac;
  /** The first `bytes` bytes (1 to 32) of the MAC of `head` followed by `tail`, in lower-case hex digits. */
  macHex(mac: Mac, head: string, tail: string, bytes: number): string;
  /** Compares strings in a time that depends only on their lengths. */
  isSame(first: string, second: string): boolean;
  /** CRC-32 (ISO 3309, as in zip), 0 to 2^32 - 1. */
  crc32(text: string): number;
  /** `count` bytes (1 to 256) from the kernel's random generator. */
  randomBytes(count: number): LuaMultiReturn<[string] | [undefined, Message]>;
  /** An integer for `math.randomseed`. Call it in `init_worker_by_lua`: forked workers share the state of the master's generator. */
  randomSeed(): LuaMultiReturn<[number] | [undefined, Message]>;
  /** A UUIDv7 (RFC 9562) of a time in epoch seconds as 32 hex digits, by the generator seeded with `randomSeed`; it need not be secret. */
  drawId(now: number): string;

  /**
   * The bytes of a regular file, its signature, and whether it changed so recently that a further change could leave the same signature.
   * On failure, the reason. Symbolic links are not followed, and nothing blocks.
   */
  readFile(
    path: string,
    maxBytes: number,
  ): LuaMultiReturn<
    [text: string, signature: string, isRecent: boolean] | [undefined, 'missing' | 'unreadable' | 'too_large', Message]
  >;
  /** Differs when the file at `path` was replaced, removed or changed, or its permissions were (statx). Never fails: an error is a signature too. */
  signatureOf(path: string): string;
  /**
   * Like `readFile`, then the bytes read and the JSON value: objects and arrays as tables, null as `jsonNull`, at most 64 levels deep. If it is
   * not JSON, no value, and what is wrong with it.
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
  /** Passes the queued events to `handle` (empty `name`: the folder itself) and returns their number. */
  drainQueue(
    queue: number,
    handle: (watch: number, event: WatchEvent, name: string) => void,
  ): LuaMultiReturn<[number] | [undefined, Message]>;
  closeQueue(queue: number): void;

  /** Of the running request: an id that is valid from its first to its log phase, the connection's descriptor and its inode. */
  readConnection(): LuaMultiReturn<[id: number, descriptor: number, inode: number] | [undefined, Message]>;
  /** The same id alone, for the log phase. */
  readRequestId(): number | undefined;
  /** Whether the descriptor is still this socket. */
  isSocket(descriptor: number, inode: number): boolean;
  /** shutdown(2) in both directions: NGINX then ends the request as if the client had disconnected. NGINX still owns the descriptor. */
  shutDown(descriptor: number): LuaMultiReturn<[true] | [undefined, Message]>;
  /**
   * Runs `body` every `seconds`, also in a worker that is shutting down, as long as anything else keeps that worker alive. Errors of `body` are
   * logged. One loop per worker: all bodies run at the interval of the first one.
   */
  runEvery(seconds: number, body: () => void): LuaMultiReturn<[true] | [undefined, Message]>;

  /** Creates a lock for all workers, in memory that later forked workers inherit, and returns its address. Call it in NGINX's master. */
  createLock(): LuaMultiReturn<[address: number] | [undefined, Message]>;
  /** Sets the lock that `locked` takes. */
  useLock(address: number): void;
  /** Runs `run` in only one worker at a time, and returns or throws what it returns or throws. It must not yield. */
  locked<A, B, C, R>(run: (this: void, first: A, second: B, third: C) => R, first: A, second: B, third: C): R;
  /** Whether a process exists. */
  isAlive(pid: number): boolean;
  /** Process id of this worker. */
  workerId(): number;

  /** Creates a folder with mode 0700 unless it exists. */
  createFolder(path: string): LuaMultiReturn<[true] | [undefined, Message]>;
  /** Writes a file with mode 0600 through a temporary file and rename. */
  replaceFile(path: string, text: string): LuaMultiReturn<[true] | [undefined, Message]>;
  /** Opens an existing file for `writeAt`. */
  openFile(path: string): LuaMultiReturn<[descriptor: number] | [undefined, Message]>;
  closeFile(descriptor: number): void;
  writeAt(descriptor: number, text: string, offset: number): LuaMultiReturn<[true] | [undefined, Message]>;
  /** 64 bytes for a name of up to 39 and a number. */
  writeRecord(name: string, value: number): string;
  /** Reads a record of `writeRecord`; `at`: the position of its first byte, counted from 1. */
  readRecord(text: string, at: number): LuaMultiReturn<[name: string | undefined, value: number | undefined]>;

  /** Seconds since 1970, at the start of the running event (`ngx.now`). */
  now(): number;
  log(level: 'error' | 'warn' | 'notice', message: string): void;
  /** A step of the garbage collector, as after `kilobytes` of new memory. */
  stepCollector(kilobytes: number): void;
  /** The size of the Lua heap. */
  countKilobytes(): number;
}
