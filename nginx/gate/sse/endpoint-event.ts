/** The beginning of a legacy SSE stream, as far as it came. */
export interface StreamStart {
  /** What can be passed on now. */
  ready: string;
  /** What must wait for more. */
  held: string;
  /** The endpoint event was met: nothing that follows is read. */
  isFound: boolean;
}

interface Line {
  text: string;
  /** Where its text begins and where the next line does. */
  at: number;
  next: number;
}

/** The line that begins at `at`, ended by LF, CRLF or CR (WHATWG HTML §9.2.5); undefined when its end has not come yet. */
function readLine(text: string, at: number): Line | undefined {
  for (let i = at; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code !== 10 && code !== 13) continue;
    const isCrlf = code === 13 && text.charCodeAt(i + 1) === 10;
    return { text: text.slice(at, i), at, next: i + (isCrlf ? 2 : 1) };
  }
  return undefined;
}

/** Where the value of `data: …` begins within its line. */
function valueOffset(line: string): number {
  return line.charAt(5) === ' ' ? 6 : 5;
}

/**
 * Rewrites the URL in the `endpoint` event of a legacy SSE stream, wherever the chunks of the stream are split, and nothing else. Events and
 * comments before it are passed on as they are. `rewrite` returns the URL for the client, or undefined to leave the backend's.
 */
export function rewriteStart(text: string, rewrite: (this: void, written: string) => string | undefined): StreamStart {
  let begin = 0;
  let at = 0;
  let isEndpoint = false;
  let data: Line | undefined;
  for (;;) {
    const line = readLine(text, at);
    if (line === undefined) return { ready: text.slice(0, begin), held: text.slice(begin), isFound: false };
    at = line.next;
    if (line.text === 'event: endpoint' || line.text === 'event:endpoint') isEndpoint = true;
    else if (line.text.startsWith('data:')) data = line;
    if (line.text !== '') continue;
    if (isEndpoint && data !== undefined) {
      const from = data.at + valueOffset(data.text);
      const url = rewrite(data.text.slice(valueOffset(data.text)));
      if (url === undefined) return { ready: text, held: '', isFound: true };
      return { ready: text.slice(0, from) + url + text.slice(data.at + data.text.length), held: '', isFound: true };
    }
    begin = at;
    isEndpoint = false;
    data = undefined;
  }
}
