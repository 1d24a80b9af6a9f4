import { readdirSync, readFileSync } from 'node:fs';
import { compileTemplates, type FillTemplate } from './templates.ts';

const folder = new URL('../../../nginx/templates/', import.meta.url);

/** Texts of the templates in `nginx/templates`, by name without `.hbs`. Throws the file system's error. */
export function readTemplates(): ReadonlyMap<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.hbs'));
  return new Map(
    names.sort().map((name) => [name.slice(0, -'.hbs'.length), readFileSync(new URL(name, folder), 'utf8')]),
  );
}

/** The templates in `nginx/templates`, compiled. Throws the file system's error. */
export function loadTemplates(): FillTemplate {
  return compileTemplates(readTemplates());
}
