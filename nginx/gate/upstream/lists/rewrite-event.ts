import { byteAt } from '../../json/scan/text/bytes.ts';
import { BYTE_ORDER_MARK, hasOtherLineEnd, readLine } from '../sse/read-line.ts';

/** The value of a field of an event, when the line is of that field (§9.2.6). */
function valueOf(line: string, field: string): string | undefined {
  if (line === field) return '';
  if (!line.startsWith(`${field}:`)) return undefined;
  const value = line.slice(field.length + 1);
  return value.startsWith(' ') ? value.slice(1) : value;
}

const SLASH = 47;
const STAR = 42;

/** Whether data is a path, as in the endpoint event: nothing that any parser reads as JSON, comments before it included. */
function isPath(data: string): boolean {
  const second = byteAt(data, 1);
  return byteAt(data, 0) === SLASH && second !== SLASH && second !== STAR && !hasOtherLineEnd(data);
}

/**
 * An event with its data rewritten; the event itself where `rewrite` returns its argument or the event has no data, and nothing where it
 * returns undefined. The endpoint event of the legacy transport is a path and is left as it is. Its name lets nothing else pass: some clients
 * look at no name. Other lines that are several to some clients are left out, since one of those could be data; in JSON it would be none.
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
    const value = valueOf(line.text, 'data');
    if (value !== undefined) data.push(value);
    else if (hasOtherLineEnd(line.text)) isWhole = false;
    else if (line.text !== '') others += `${line.text}\n`;
    if (valueOf(line.text, 'event') === 'endpoint') isEndpoint = true;
  }
  const before = data.join('\n');
  if (before === '') return isWhole ? text : `${others}\n`;
  const after = rewrite(before) ?? (isEndpoint && isPath(before) ? before : undefined);
  if (after === undefined) return '';
  if (after === before && isWhole) return text;
  return `${others}data: ${after.split('\n').join('\ndata: ')}\n\n`;
}
