import Handlebars from 'handlebars';
import { connectTemplates, type FillTemplate } from './templates.ts';

const COMPILE_OPTIONS = { noEscape: true, strict: true, knownHelpers: { quote: true } } as const;

/** Compiles templates, keyed by name. Pure. */
export function compileTemplates(texts: ReadonlyMap<string, string>): FillTemplate {
  const engine = Handlebars.create();
  return connectTemplates(
    engine,
    new Map([...texts].map(([name, text]) => [name, engine.compile(text, COMPILE_OPTIONS)])),
  );
}

/** Compiles templates, keyed by name, to the JavaScript that Handlebars' runtime executes; for the build. Pure. */
export function precompileTemplates(texts: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...texts].map(([name, text]) => [name, Handlebars.precompile(text, COMPILE_OPTIONS) as string]));
}
