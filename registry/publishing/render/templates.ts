import type Handlebars from 'handlebars';
import { quote, type Kind } from './quote.ts';

/** Fills in the template of that name. Throws for a name that does not exist, a missing value, or a value that `quote` rejects. */
export type FillTemplate = (name: string, view: object) => string;

type Engine = Pick<typeof Handlebars, 'registerHelper' | 'registerPartial'>;

/** Connects compiled templates, keyed by name; each may include the others as partials. Pure. */
export function connectTemplates(
  engine: Engine,
  compiled: ReadonlyMap<string, Handlebars.TemplateDelegate>,
): FillTemplate {
  // Values enter a template only through {{quote "<kind>" value}}; a test enforces that.
  engine.registerHelper('quote', (kind: Kind, value: string | number | undefined) => {
    if (value === undefined) throw new Error(`a template quotes a missing value of the kind "${kind}"`);
    return quote(kind, value);
  });
  for (const [name, template] of compiled) engine.registerPartial(name, template);

  return (name, view) => {
    const template = compiled.get(name);
    if (template === undefined) throw new Error(`there is no template ${name}.hbs`);
    return template(view);
  };
}
