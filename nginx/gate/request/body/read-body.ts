import { platform } from 'platform/system';

/** More garbage than this is reported to Lua's collector. */
const LARGE_KB = 256;

/** After a large body a worker serves others for as long as judging it took, but no longer than this. */
const MAX_PAUSE_S = 0.01;

/** Timers of NGINX count whole milliseconds. */
const TICK_S = 0.001;

/** When the worker began to judge its last large body, and from when on it may judge the next one. */
let beganAt = 0;
let nextAt = 0;

/**
 * Waits for the end of the pause after a large body. Judging one blocks the worker; several that are there at once would otherwise be judged in a
 * row, and calls of other agents, which need the worker more than once, would wait for all of them.
 */
function awaitPause(): void {
  // A longer pause than the longest: the system's clock was set back.
  for (let left = nextAt - platform.now(); left > 0 && left <= MAX_PAUSE_S; left = nextAt - platform.now())
    ngx.sleep(Math.max(left, TICK_S));
}

/** In place of a body that is not read. */
const UNREAD = '?';

/**
 * For a method that takes no body: nothing is read. Returns '' where no header announces a body. A body that HTTP/2 brings all the same is
 * discarded by NGINX and never forwarded; to read it where the length is said to be 0 would end in an error page of NGINX's.
 */
export function skipBody(): string {
  const v = ngx.var;
  // The length by which NGINX reads: $http_content_length would be that of a header Content_Length before it.
  const length = v.content_length;
  if (v.http_transfer_encoding !== undefined || (length !== undefined && Number(length) !== 0)) return UNREAD;
  if ((ngx.req.http_version() ?? 1.1) >= 2) ngx.req.discard_body();
  return '';
}

/** The request's body, also where NGINX wrote it to a file; undefined when it cannot be read. Yields until it is there. */
export function readBody(): string | undefined {
  const request = ngx.req;
  request.read_body();
  const data = request.get_body_data();
  if (data !== undefined) return data;
  const file = request.get_body_file();
  if (file === undefined) return '';
  // Not before: what waits here is NGINX's, and takes no memory of Lua's.
  awaitPause();
  ngx.update_time();
  beganAt = platform.now();
  const [text] = platform.readFile(file, GATE_SETTINGS.maxBodyBytes);
  return text;
}

/** Lets go of a large body and what reading it took, so that many of them do not add up, and begins the pause after it. */
export function freeBody(garbageKb: number): void {
  if (garbageKb <= LARGE_KB) return;
  platform.stepCollector(Math.ceil(garbageKb));
  ngx.update_time();
  const now = platform.now();
  nextAt = now + Math.min(now - beganAt, MAX_PAUSE_S);
}
