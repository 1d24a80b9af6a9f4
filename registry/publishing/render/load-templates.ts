import { readTemplates } from './read-templates.ts';
import { compileTemplates, type FillTemplate } from './templates.ts';

/** The templates in `nginx/templates`, compiled. Throws the file system's error. */
export function loadTemplates(): FillTemplate {
  return compileTemplates(readTemplates());
}
