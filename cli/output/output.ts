import { showInvisible } from '@mcpgw/registry/contract';
import { toSafeJson } from './safe-text.ts';
import { paint, type Colour } from './style.ts';
import { renderCell, renderFields, renderTable, type Cell, type Column } from './table.ts';

/** Where a command prints: results to stdout, everything else to stderr. */
export interface Output {
  /** `--json`: results are for a program. */
  isJson: boolean;
  /** A result: `value` as JSON, or what `show` prints for people. */
  result: (value: unknown, show: () => void) => void;
  /** Text for people; control and invisible characters are escaped. */
  text: (text: string) => void;
  table: (columns: readonly Column[], rows: readonly (readonly Cell[])[], whenEmpty: string) => void;
  fields: (fields: readonly (readonly [string, Cell])[]) => void;
  /** Cells on one line, for live output. */
  line: (cells: readonly Cell[]) => void;
  heading: (text: string) => void;
  /** One line of JSON, for live output. */
  jsonLine: (value: unknown) => void;
  /** To stderr: progress, and what to do next. */
  note: (text: string, colour?: Colour | null) => void;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Creates the output of one run. */
export function createOutput(isJson: boolean): Output {
  const note: Output['note'] = (text, colour = null) =>
    void process.stderr.write(`${paint(colour, showInvisible(text), process.stderr)}\n`);
  return {
    isJson,
    result(value, show) {
      if (isJson) print(toSafeJson(value));
      else show();
    },
    text: (text) => print(showInvisible(text)),
    table(columns, rows, whenEmpty) {
      if (rows.length === 0) note(whenEmpty);
      else print(renderTable(columns, rows, process.stdout.isTTY ? process.stdout.columns : Infinity));
    },
    fields: (fields) => print(renderFields(fields)),
    line: (cells) => print(cells.map(renderCell).join('  ').trimEnd()),
    heading: (text) => print(`\n${paint('bold', text)}`),
    jsonLine: (value) => print(toSafeJson(value, 0)),
    note,
  };
}
