/** The beginning of a legacy SSE stream, as far as it came. */
export interface StreamStart {
  /** What can be passed on now. */
  ready: string;
  /** What must wait for more. */
  held: string;
  /** The endpoint event was met: nothing that follows needs to be looked at. */
  isFound: boolean;
}

interface Line {
  text: string;
  /** Where its text begins and where the next line does. */
  at: number;
  next: number;
}

/** The line that begins at `at`, ended by LF, CRLF or CR (WHATWG HTML §9.2.5); null when its end has not come yet. */
function readLine(text: string, at: number): Line | null {
  for (let i = at; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code !== 10 && code !== 13) continue;
    const isCrlf = code === 13 && text.charCodeAt(i + 1) === 10;
    return { text: text.slice(at, i), at: at, next: i + (isCrlf ? 2 : 1) };
  }
  return null;
}

/** Where the value of `data: …` begins within its line. */
function valueOffset(line: string): number {
  return line.charAt(5) === ' ' ? 6 : 5;
}

/**
 * Rewrites the URL in the `endpoint` event of a legacy SSE stream, wherever the chunks of the stream are split, and nothing else. Events and
 * comments before it are passed on as they are. `rewrite` gives the URL for the client, or null to leave the backend's.
 */
export function rewriteStart(text: string, rewrite: (written: string) => string | null): StreamStart {
  let begin = 0;
  let at = 0;
  let isEndpoint = false;
  let data: Line | null = null;
  for (;;) {
    const line = readLine(text, at);
    if (line === null) return { ready: text.slice(0, begin), held: text.slice(begin), isFound: false };
    at = line.next;
    if (line.text === 'event: endpoint' || line.text === 'event:endpoint') isEndpoint = true;
    else if (line.text.slice(0, 5) === 'data:') data = line;
    if (line.text !== '') continue;
    if (isEndpoint && data !== null) {
      const from = data.at + valueOffset(data.text);
      const url = rewrite(data.text.slice(valueOffset(data.text)));
      if (url === null) return { ready: text, held: '', isFound: true };
      return { ready: text.slice(0, from) + url + text.slice(data.at + data.text.length), held: '', isFound: true };
    }
    begin = at;
    isEndpoint = false;
    data = null;
  }
}
