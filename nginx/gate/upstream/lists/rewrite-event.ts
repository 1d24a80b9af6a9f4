import { byteAt } from '../../json/scan/text/bytes.ts';
import { BYTE_ORDER_MARK, hasOtherLineEnd, readLine } from '../sse/read-line.ts';

/** The value of a field of an event, if the line belongs to that field (§9.2.6). */
function valueOf(line: string, field: string): string | undefined {
  if (line === field) return '';
  if (!line.startsWith(`${field}:`)) return undefined;
  const value = line.slice(field.length + 1);
  return value.startsWith(' ') ? value.slice(1) : value;
}

const CR = 13;
const SLASH = 47;
const STAR = 42;

/** Whether data is a path, as in the endpoint event: no parser reads it as JSON, not even one that allows comments before it. */
function isPath(data: string): boolean {
  const second = byteAt(data, 1);
  return byteAt(data, 0) === SLASH && second !== SLASH && second !== STAR && !hasOtherLineEnd(data);
}

/** Whether a line has no data for any client, whatever a client ignores before the field name. */
function isOtherField(line: string): boolean {
  if (line.startsWith(':')) return true;
  return (
    valueOf(line, 'event') !== undefined || valueOf(line, 'id') !== undefined || valueOf(line, 'retry') !== undefined
  );
}

/**
 * An event with its data rewritten; the event itself if `rewrite` returns its argument or the event has no data, and nothing if it returns
 * undefined. The data of the legacy transport's endpoint event is a path and is left as it is. The name `endpoint` lets no other data pass, since
 * some clients ignore names. Other lines pass if their field is one of SSE's and every client reads them as one line: some do not split at CR, some
 * know more line ends, and some ignore a mark before a name. Otherwise a line could contain data that was not read here. In JSON those line ends
 * would not split a line.
 */
export function rewriteEvent(event: string, rewrite: (this: void, data: string) => string | undefined): string {
  const text = event.startsWith(BYTE_ORDER_MARK) ? event.slice(3) : event;
  const data: string[] = [];
  let others = '';
  let isEndpoint = false;
  let isWhole = true;
  let at = 0;
  while (at < text.length) {
    const line = readLine(text, at);
    at = line.next;
    // The last CR may belong to a CRLF whose LF has not arrived yet.
    if (byteAt(text, at - 1) === CR && at < text.length) isWhole = false;
    const value = valueOf(line.text, 'data');
    if (value !== undefined) data.push(value);
    else if (line.text === '') continue;
    else if (!isOtherField(line.text) || hasOtherLineEnd(line.text)) isWhole = false;
    else others += `${line.text}\n`;
    if (valueOf(line.text, 'event') === 'endpoint') isEndpoint = true;
  }
  const before = data.join('\n');
  if (before === '') return isWhole ? text : `${others}\n`;
  const after = rewrite(before) ?? (isEndpoint && isPath(before) ? before : undefined);
  if (after === undefined) return '';
  if (after === before && isWhole) return text;
  return `${others}data: ${after.split('\n').join('\ndata: ')}\n\n`;
}
