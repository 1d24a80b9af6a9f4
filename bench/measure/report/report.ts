import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A bar and the measured value. */
export interface Bar {
  what: string;
  bar: string;
  value: string;
  met: boolean;
}

/** The result of a bench. */
export interface Section {
  title: string;
  /** How it was measured, in a few sentences. */
  method: string;
  columns: string[];
  rows: string[][];
  bars: Bar[];
  notes?: string[];
  /** An SVG that shows the rows. */
  plot?: string;
}

/** Above this load, other work disturbs the measurement. */
const QUIET_LOAD = 0.7;

/** A file of benches/ exports one as `bench`. */
export type Bench = () => Promise<Section>;

interface SavedSection extends Section {
  machine: string;
  /** Relative to RESULTS.md. */
  plotFile?: string;
  /** Load average of the last minute before it began. */
  loadBefore: number;
  at: string;
}

/** Stores a result, so that benches can be run one at a time. */
export function saveSection(folder: string, name: string, { plot, ...section }: SavedSection): void {
  mkdirSync(folder, { recursive: true });
  if (plot !== undefined) writeFileSync(join(folder, `${name}.svg`), plot);
  const saved = { ...section, ...(plot === undefined ? {} : { plotFile: `results/${name}.svg` }) };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(saved, null, 2)}\n`);
}

/** The stored results of `names`, in that order. */
export function readSections(folder: string, names: string[]): SavedSection[] {
  return names
    .map((name) => join(folder, `${name}.json`))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as SavedSection);
}

/** All stored results, by the name of their bench. */
export function readResults(folder: string): Map<string, SavedSection> {
  const names = globSync('*.json', { cwd: folder }).map((file) => basename(file, '.json'));
  return new Map(
    names.map((name) => [name, JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as SavedSection]),
  );
}

function renderTable(columns: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

function renderSection(section: SavedSection): string {
  const bars = section.bars.map((bar) => [bar.what, bar.bar, bar.value, bar.met ? 'yes' : '**no**']);
  return [
    `## ${section.title}`,
    section.method,
    renderTable(section.columns, section.rows),
    ...(bars.length === 0 ? [] : [renderTable(['promise', 'bar', 'measured', 'met'], bars)]),
    ...(section.plotFile === undefined ? [] : [`![${section.title}](${section.plotFile})`]),
    ...(section.notes ?? []),
    ...(section.loadBefore > QUIET_LOAD
      ? [
          `**Not a quiet run**: other work kept the machine busy (load ${section.loadBefore.toFixed(1)} before it began). Its bars do not count; run it again when the machine is idle.`,
        ]
      : []),
    `_${section.at.slice(0, 16).replace('T', ' ')} UTC · ${section.machine}_`,
  ].join('\n\n');
}

/** The whole RESULTS.md; `findings` is placed before the tables. */
export function renderResults(sections: SavedSection[], findings: string): string {
  const head =
    '# Numbers\n\nWritten by `npm run bench`; do not edit. All values of a table are measured in one run on one machine, interleaved, so that ratios are meaningful where absolute numbers are not. A value is the median of its rounds, with the minimum and the maximum in brackets.';
  return `${[head, findings.trim(), ...sections.map(renderSection)].join('\n\n')}\n`;
}
