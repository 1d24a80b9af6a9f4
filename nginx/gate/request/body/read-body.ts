import { platform } from 'platform/system';

/** More garbage than this is reported to Lua's collector. */
const LARGE_KB = 256;

/** After a large body a worker serves others for as long as judging it took, but no longer than this. */
const MAX_PAUSE_S = 0.01;

/** NGINX timers have a resolution of one millisecond. */
const TICK_S = 0.001;

/** When the worker began to judge its last large body, and when it may judge the next one. */
let beganAt = 0;
let nextAt = 0;

/**
 * Waits for the end of the pause after a large body. Judging one blocks the worker; several that arrive at once would otherwise be judged in a row,
 * and calls of other agents, which need the worker more than once, would wait for all of them.
 */
function awaitPause(): void {
  // A pause longer than the maximum: the system's clock was set back.
  for (let restS = nextAt - platform.now(); restS > 0 && restS <= MAX_PAUSE_S; restS = nextAt - platform.now())
    ngx.sleep(Math.max(restS, TICK_S));
}

/** In place of a body that is not read. */
const UNREAD = '?';

/**
 * For a method that takes no body: nothing is read. Returns '' if no header announces a body. A body that arrives over HTTP/2 anyway is
 * discarded by NGINX and never forwarded; reading it when the declared length is 0 would end in an error page of NGINX.
 */
export function skipBody(): string {
  const v = ngx.var;
  // The length by which NGINX reads: $http_content_length would be that of a header Content_Length before it.
  const length = v.content_length;
  if (v.http_transfer_encoding !== undefined || (length !== undefined && Number(length) !== 0)) return UNREAD;
  if ((ngx.req.http_version() ?? 1.1) >= 2) ngx.req.discard_body();
  return '';
}

/** The request's body, also if NGINX wrote it to a file; undefined when it cannot be read. Yields until it has arrived. */
export function readBody(): string | undefined {
  const request = ngx.req;
  request.read_body();
  const data = request.get_body_data();
  if (data !== undefined) return data;
  const file = request.get_body_file();
  if (file === undefined) return '';
  // Before the file is read: a body that waits here is held by NGINX and takes no Lua memory.
  awaitPause();
  ngx.update_time();
  beganAt = platform.now();
  const [text] = platform.readFile(file, GATE_SETTINGS.maxBodyBytes);
  return text;
}

/** Frees the memory of a large body and of reading it, so that many of them do not add up, and begins the pause after it. */
export function freeBody(garbageKb: number): void {
  if (garbageKb <= LARGE_KB) return;
  platform.stepCollector(Math.ceil(garbageKb));
  ngx.update_time();
  const now = platform.now();
  nextAt = now + Math.min(now - beganAt, MAX_PAUSE_S);
}
