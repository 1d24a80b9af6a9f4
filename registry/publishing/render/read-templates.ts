import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../nginx/templates/', import.meta.url);

/** Texts of the templates in `nginx/templates`, by name without `.hbs`; the build embeds them. Throws the file system's error. */
export function readTemplates(): ReadonlyMap<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.hbs'));
  return new Map(
    names.sort().map((name) => [name.slice(0, -'.hbs'.length), readFileSync(new URL(name, folder), 'utf8')]),
  );
}
