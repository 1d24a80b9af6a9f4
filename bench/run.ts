// npm run bench [name …]: runs every file of benches/, or the named ones, and renders RESULTS.md from findings.md and all results so far, and the sizing table of docs/operations.md (README.md).
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { describeMachine } from './measure/machine.ts';
import { readResults, readSections, renderResults, saveSection, type Bench } from './measure/report/report.ts';
import { renderSizing, replaceSizing } from './measure/report/sizing.ts';

const folder = import.meta.dirname;
const files = new Map(globSync('benches/**/*.ts', { cwd: folder }).map((file) => [basename(file, '.ts'), file]));
const names = [...files.keys()].sort();
const requested = process.argv.slice(2);
const unknown = requested.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exit(1);
}

async function measure(name: string): Promise<void> {
  console.log(`${name} …`);
  const { bench } = (await import(`./${files.get(name) ?? ''}`)) as { bench: Bench };
  const loadBefore = loadavg()[0] ?? 0;
  const section = await bench();
  saveSection(join(folder, 'results'), name, {
    ...section,
    machine: describeMachine(),
    loadBefore,
    at: new Date().toISOString(),
  });
  for (const bar of section.bars)
    console.log(`  ${bar.met ? 'met   ' : 'MISSED'} ${bar.what}: ${bar.value} (bar ${bar.bar})`);
}

const failed: string[] = [];
for (const name of requested.length > 0 ? requested : names)
  await measure(name).catch((error: unknown) => {
    console.error(error);
    failed.push(name);
  });
const findings = readFileSync(join(folder, 'findings.md'), 'utf8');
writeFileSync(join(folder, 'RESULTS.md'), renderResults(readSections(join(folder, 'results'), names), findings));
const operations = join(folder, '../docs/operations.md');
const sizing = renderSizing(readResults(join(folder, 'results')));
writeFileSync(operations, replaceSizing(readFileSync(operations, 'utf8'), sizing));
console.log(`written: ${join(folder, 'RESULTS.md')}, and the sizing of ${operations}`);
if (failed.length > 0) {
  console.error(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
