import { platform } from 'platform/system';

/** More garbage than this is what Lua's collector should be told of. */
const LARGE_KB = 256;

/** In place of a body that is not read. */
const UNREAD = '?';

/**
 * For a method that takes no body: nothing is read. Returns '' where no header announces a body. A body that HTTP/2 brings without a header is
 * discarded by NGINX and never forwarded.
 */
export function skipBody(): string {
  const v = ngx.var;
  const length = v.http_content_length;
  if (v.http_transfer_encoding !== undefined || (length !== undefined && Number(length) !== 0)) return UNREAD;
  if (length === undefined && ngx.req.http_version() >= 2) ngx.req.discard_body();
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
  const [text] = platform.readFile(file, GATE_SETTINGS.maxBodyBytes);
  return text;
}

/** Lets go of a large body and what reading it took, so that many of them do not add up. */
export function freeBody(garbageKb: number): void {
  if (garbageKb > LARGE_KB) platform.stepCollector(Math.ceil(garbageKb));
}
