import { BYTE_ORDER_MARK, hasOtherLineEnd, readLine, type Line } from './read-line.ts';
import { namesEndpoint, watchLines } from './watch-lines.ts';

/** What an event of a legacy SSE stream is. `refused`: to some client it leads to no address of the backend's own, so that nothing of it may reach one. */
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
 * Judges an event before which no endpoint event came, and writes the endpoint event for the client: anew, since what is one line here is several
 * to some clients, or the other way round, and the address could be among them. `rewrite` returns the URL for the client, or undefined where
 * there is none that it may use.
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
  // Named so that some clients alone see it.
  if (!isEndpoint) return { endpoint: namesEndpoint(watchLines(), event) ? 'refused' : 'other' };
  // Without data some clients keep the name for the data of the next event. Of several lines the last alone would have been judged.
  if (data === undefined || dataLines !== 1) return { endpoint: 'refused' };
  const url = rewrite(data.text.slice(valueOffset(data.text)));
  if (url === undefined) return { endpoint: 'refused' };
  // The LF of its last line end follows, which is one more empty line.
  const end = event.includes('\r\n') ? '\r\n' : '\n';
  return { endpoint: 'found', text: `event: endpoint${end}data: ${url}${end}${end}` };
}
