/** Headers of an MCP POST. */
export const POST_HEADERS = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };

/** Whether a `content-type` is that of a stream of server-sent events. */
export function isEventStream(contentType: string | null | undefined): boolean {
  return /^text\/event-stream/i.test(contentType ?? '');
}
