import { readdirSync, readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { quote, type Kind } from './quote.ts';

const folder = new URL('../../../nginx/templates/', import.meta.url);
const engine = Handlebars.create();

// The only way for a value into a template: {{quote "<kind>" value}} (held by templates.test.ts).
engine.registerHelper('quote', (kind: Kind, value: string | number | undefined) => {
  if (value === undefined) throw new Error(`a template quotes a ${kind} that is not there`);
  return quote(kind, value);
});

/** Texts of the templates by name, without `.hbs`. Read once, so that rendering is pure. */
export const TEMPLATE_TEXTS: ReadonlyMap<string, string> = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.hbs'))
    .sort()
    .map((name) => [name.slice(0, -'.hbs'.length), readFileSync(new URL(name, folder), 'utf8')]),
);

for (const [name, text] of TEMPLATE_TEXTS) engine.registerPartial(name, text);

const compiled = new Map(
  [...TEMPLATE_TEXTS].map(([name, text]) => [
    name,
    engine.compile(text, { noEscape: true, strict: true, knownHelpers: { quote: true } }),
  ]),
);

/** Fills in a template. Throws for a value that is missing, or that `quote` refuses. */
export function fillTemplate(name: string, view: object): string {
  const template = compiled.get(name);
  if (template === undefined) throw new Error(`there is no template ${name}.hbs`);
  return template(view);
}
