import { escapeInvisible } from '@mcpgw/registry/contract';
import stringWidth from 'string-width';
import { paint, type Colour } from './style.ts';

/** A text, which may be untrusted: it is escaped here. */
export type Cell = string | { text: string; colour: Colour | null };
export interface Column {
  title: string;
  align?: 'right';
}

const GAP = '  ';
const plain = (cell: Cell): string => escapeInvisible(typeof cell === 'string' ? cell : cell.text);

/** A cell as it is printed. */
export function renderCell(cell: Cell): string {
  return typeof cell === 'string' ? plain(cell) : paint(cell.colour, plain(cell));
}

function pad(text: string, width: number, column: Column, isLast: boolean): string {
  const spaces = ' '.repeat(Math.max(0, width - stringWidth(text)));
  if (column.align === 'right') return spaces + text;
  return isLast ? text : text + spaces;
}

function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let shown = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(shown + segment) > width - 1) break;
    shown += segment;
  }
  return `${shown}…`;
}

/** A table as wide as its contents; on a terminal the last column is cut to what fits. One line per row, without trailing spaces. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  terminalWidth = Infinity,
): string {
  const texts = rows.map((row) => row.map(plain));
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...texts.map((row) => stringWidth(row[at] ?? ''))),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  const lastWidth = Math.max(10, terminalWidth - before);
  const line = (cells: readonly string[], colours: readonly (Colour | null)[]) =>
    columns
      .map((column, at) => {
        const isLast = at === columns.length - 1;
        const text = isLast ? cut(cells[at] ?? '', lastWidth) : (cells[at] ?? '');
        const padded = pad(text, widths[at] ?? 0, column, isLast);
        return padded.replace(text, () => paint(colours[at] ?? null, text));
      })
      .join(GAP)
      .trimEnd();
  const header = line(
    columns.map(({ title }) => title),
    columns.map(() => 'bold'),
  );
  const body = texts.map((cells, row) =>
    line(
      cells,
      (rows[row] ?? []).map((cell) => (typeof cell === 'string' ? null : cell.colour)),
    ),
  );
  return [header, ...body].join('\n');
}

/** Names and values, one pair per line. */
export function renderFields(fields: readonly (readonly [name: string, value: Cell])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields
    .map(([name, cell]) => `${paint('bold', name.padEnd(width))}${GAP}${renderCell(cell)}`.trimEnd())
    .join('\n');
}
