import type { Plugin } from 'esbuild';
import Handlebars from 'handlebars';
import { COMPILE_OPTIONS } from '../../registry/publishing/render/compile-templates.ts';
import { readTemplates } from '../../registry/publishing/render/read-templates.ts';

/** Handlebars types its JavaScript text as an object. */
const precompile = (text: string) => Handlebars.precompile(text, COMPILE_OPTIONS) as unknown as string;

/**
 * Puts NGINX's templates into the program, compiled. Read at run time, they would be newer than the program after an update of the checkout, as
 * soon as a registry that crashed is restarted; and compiling them takes a tenth of a second.
 */
export const embedTemplates: Plugin = {
  name: 'embed-templates',
  setup(steps) {
    steps.onLoad({ filter: /\/registry\/publishing\/render\/load-templates\.ts$/ }, () => ({
      contents: `import Handlebars from 'handlebars/runtime.js';
import { connectTemplates } from './templates.ts';
const compiled = {
${[...readTemplates()].map(([name, text]) => `${JSON.stringify(name)}: ${precompile(text)}`).join(',\n')}
};
export function loadTemplates() {
  const engine = Handlebars.create();
  return connectTemplates(engine, new Map(Object.entries(compiled).map(([name, spec]) => [name, engine.template(spec)])));
}`,
      loader: 'js',
    }));
  },
};
