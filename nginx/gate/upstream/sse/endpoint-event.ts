import { BYTE_ORDER_MARK, hasOtherLineEnd, readLine, type Line } from './read-line.ts';

/** An event of a legacy SSE stream, as it is passed on. */
export interface JudgedEvent {
  text: string;
  /** Whether it is the endpoint event. `refused`: to some client it leads to no address of the backend's own, so that nothing of it may reach one. */
  endpoint: 'found' | 'refused' | undefined;
}

/** Where the value of `data: …` begins within its line. */
function valueOffset(line: string): number {
  return line.charAt(5) === ' ' ? 6 : 5;
}

/** Whether a line names the endpoint event; some clients trim the name. */
function isEndpointName(line: string): boolean {
  return line.startsWith('event:') && line.slice(6).trim() === 'endpoint';
}

/**
 * Rewrites the URL in the `endpoint` event of a legacy SSE stream, and nothing else; another event stays as it is. `rewrite` returns the URL for
 * the client, or undefined where there is none that it may use.
 */
export function rewriteEndpointEvent(
  event: string,
  rewrite: (this: void, written: string) => string | undefined,
): JudgedEvent {
  // What is one line here would be several to some clients, and the address among them.
  if (hasOtherLineEnd(event)) return { text: '', endpoint: 'refused' };
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
  if (!isEndpoint || data === undefined) return { text: event, endpoint: undefined };
  const from = data.at + valueOffset(data.text);
  const to = data.at + data.text.length;
  // Several lines are one text to a client, of which the last alone would have been judged.
  const url = dataLines === 1 ? rewrite(event.slice(from, to)) : undefined;
  if (url === undefined) return { text: '', endpoint: 'refused' };
  return { text: event.slice(0, from) + url + event.slice(to), endpoint: 'found' };
}
