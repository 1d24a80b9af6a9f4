import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const folder = new URL('../../../nginx/templates/', import.meta.url);

/** Texts of the templates in `nginx/templates`, by file name without folder and `.hbs`; the build embeds them. Throws the file system's error. */
export function readTemplates(): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.hbs'));
  return new Map(files.sort().map((file) => [basename(file, '.hbs'), readFileSync(new URL(file, folder), 'utf8')]));
}
