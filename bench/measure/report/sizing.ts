import type { Section } from './report.ts';

/** The tables from which the sizing is built: results by the name of their bench. */
export type Results = ReadonlyMap<string, Pick<Section, 'columns' | 'rows'>>;

const NOT_MEASURED = 'not measured';
const BEGIN = '<!-- sizing: written by npm run bench -->';
const END = '<!-- end of sizing -->';

/** The cell of a table in the row that begins with these cells, without its spread in brackets. */
function find(results: Results, bench: string, begins: readonly string[], column: string): string {
  const { columns, rows } = results.get(bench) ?? { columns: [], rows: [] };
  const row = rows.find((cells) => begins.every((text, index) => cells[index] === text));
  return row?.[columns.indexOf(column)]?.replace(/ \(.*\)$/, '').replace(/ MB$/, '') ?? NOT_MEASURED;
}

const counts = [100, 1_000, 10_000].map(String);
const inSeconds = (ms: string) => (ms === NOT_MEASURED ? ms : (Number(ms) / 1_000).toFixed(1));

function ratio(one: string, other: string): string {
  const value = Number(one) / Number(other);
  return Number.isNaN(value) ? NOT_MEASURED : `${value.toFixed(1)} times`;
}

/** The table of docs/operations.md. */
export function renderSizing(results: Results): string {
  const cpu = (route: string) => find(results, 'calls', ['static', route], 'CPU µs a call');
  const nginx = (column: string) => counts.map((count) => find(results, 'nginx-size', [count], column));
  const rows: [string, string][] = [
    ['all processes, 10 servers', `${find(results, 'start', ['this one'], 'all processes (PSS), MB')} MB`],
    [
      'registry at its peak, 1,000 servers',
      `${find(results, 'knowledge', ['peak memory in a sweep, MB'], 'median (least–most)')} MB`,
    ],
    ['NGINX (2 workers), 100 / 1,000 / 10,000 servers', `${nginx('memory (PSS)').join(' / ')} MB`],
    [
      'reload of the configuration, 100 / 1,000 / 10,000 servers',
      `${nginx('reload, ms').map(inSeconds).join(' / ')} s`,
    ],
    ['calls a second by one NGINX worker', `${find(results, 'calls', ['static', 'gateway'], '1000 calls/s')} thousand`],
    ['CPU of a call, of bare `proxy_pass`', ratio(cpu('gateway'), cpu('bare NGINX'))],
  ];
  const lines = [['what', 'figure'], ...rows];
  const widths = [0, 1].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const show = (line: string[]) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...others] = lines;
  return [show(head), show(widths.map((width) => '-'.repeat(width))), ...others.map(show)].join('\n');
}

/** Inserts the table between its markers. Throws when the page has none. */
export function replaceSizing(page: string, table: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`the page has no ${BEGIN} before ${END}`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${table}\n\n${page.slice(end)}`;
}
