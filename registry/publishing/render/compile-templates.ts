import Handlebars from 'handlebars';
import { connectTemplates, type FillTemplate } from './templates.ts';

/** How the templates are compiled, at run time and by the build. */
export const COMPILE_OPTIONS = { noEscape: true, strict: true, knownHelpers: { quote: true } } as const;

/** Compiles templates, given by name. Pure. */
export function compileTemplates(texts: ReadonlyMap<string, string>): FillTemplate {
  const engine = Handlebars.create();
  return connectTemplates(
    engine,
    new Map([...texts].map(([name, text]) => [name, engine.compile(text, COMPILE_OPTIONS)])),
  );
}
