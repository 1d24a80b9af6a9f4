import { BYTE_ORDER_MARK, hasOtherLineEnd, readLine, type Line } from './read-line.ts';
import { namesEndpoint, watchLines } from './watch-lines.ts';

/** The kind of an event of a legacy SSE stream. `refused`: some client could read an address outside the backend from it, so no part of it may pass. */
export type JudgedEvent = { endpoint: 'other' | 'refused' } | { endpoint: 'found'; text: string };

/** Where the value of `data: …` begins within its line. */
function valueOffset(line: string): number {
  return line.charAt(5) === ' ' ? 6 : 5;
}

/** Whether a line names the endpoint event; some clients trim the name. */
function isEndpointName(line: string): boolean {
  return line.startsWith('event:') && line.slice(6).trim() === 'endpoint';
}

/**
 * Judges an event that no endpoint event preceded, and writes a new endpoint event for the client: some clients split lines differently from the
 * gate, and the address could be in such a line. `rewrite` returns the URL for the client, or undefined if there is none that it may use.
 */
export function rewriteEndpointEvent(
  event: string,
  rewrite: (this: void, written: string) => string | undefined,
): JudgedEvent {
  if (hasOtherLineEnd(event)) return { endpoint: 'refused' };
  let at = event.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  let isEndpoint = false;
  let data: Line | undefined;
  let dataLines = 0;
  while (at < event.length) {
    const line = readLine(event, at);
    at = line.next;
    if (isEndpointName(line.text)) isEndpoint = true;
    else if (line.text.startsWith('data:')) {
      data = line;
      dataLines += 1;
    } else if (line.text === 'data') dataLines += 1;
  }
  // The event is named in a form that only some clients recognize.
  if (!isEndpoint) return { endpoint: namesEndpoint(watchLines(), event) ? 'refused' : 'other' };
  // Without data, some clients apply the name to the data of the next event. Of several data lines only the last would have been judged.
  if (data === undefined || dataLines !== 1) return { endpoint: 'refused' };
  const url = rewrite(data.text.slice(valueOffset(data.text)));
  if (url === undefined) return { endpoint: 'refused' };
  // The LF of its last line end follows, as another empty line.
  const end = event.includes('\r\n') ? '\r\n' : '\n';
  return { endpoint: 'found', text: `event: endpoint${end}data: ${url}${end}${end}` };
}
