/** Whether the body of a response is a stream of server-sent events. */
export function isEventStream(headers: { get(name: string): string | null }): boolean {
  return /^text\/event-stream/i.test(headers.get('content-type') ?? '');
}
