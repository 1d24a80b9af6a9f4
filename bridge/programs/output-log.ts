import type { BridgeOutput } from '@mcpgw/registry/contract';

export type OutputLine = BridgeOutput['lines'][number];

/** The last lines that the processes of a server wrote outside the protocol. */
export interface OutputLog {
  add: (stream: OutputLine['stream'], pid: number, text: string) => void;
  /** Lines with a number above `after`, oldest first. */
  read: (after: number) => OutputLine[];
  /** The last few lines, for an error. */
  tail: (count: number) => string;
}

const MAX_LINES = 500;
const MAX_LINE_LENGTH = 2_000;
// Colours and cursor movements of terminals (ECMA-48), and other characters that are not text.
const NOT_TEXT = /\u001b\[[0-?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Creates a log that holds at most 500 lines of 2,000 characters. */
export function createOutputLog(): OutputLog {
  const lines: OutputLine[] = [];
  let number = 0;
  return {
    add(stream, pid, text) {
      number += 1;
      const shown = text.slice(0, MAX_LINE_LENGTH).replace(NOT_TEXT, '');
      lines.push({ number, at: new Date().toISOString(), pid, stream, text: shown });
      if (lines.length > MAX_LINES) lines.shift();
    },
    read: (after) => lines.filter((line) => line.number > after),
    tail: (count) =>
      lines
        .filter(({ stream }) => stream !== 'bridge')
        .slice(-count)
        .map(({ text }) => text)
        .join('\n'),
  };
}
