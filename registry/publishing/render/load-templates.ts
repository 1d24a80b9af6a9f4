import { compileTemplates } from './compile-templates.ts';
import { readTemplates } from './read-templates.ts';
import type { FillTemplate } from './templates.ts';

/** The templates in `nginx/templates`, compiled; the build compiles them beforehand. Throws the file system's error. */
export function loadTemplates(): FillTemplate {
  return compileTemplates(readTemplates());
}
