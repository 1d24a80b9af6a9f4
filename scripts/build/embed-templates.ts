import type { Plugin } from 'esbuild';
import { precompileTemplates } from '../../registry/publishing/render/compile-templates.ts';
import { readTemplates } from '../../registry/publishing/render/read-templates.ts';

/**
 * Embeds the compiled NGINX templates in the program. Read at run time, they would be newer than the program after an update of the checkout, as
 * soon as a registry that crashed is restarted; and compiling them takes a tenth of a second.
 */
export const embedTemplates: Plugin = {
  name: 'embed-templates',
  setup(steps) {
    steps.onLoad({ filter: /\/registry\/publishing\/render\/load-templates\.ts$/ }, () => ({
      contents: `import Handlebars from 'handlebars/runtime.js';
import { connectTemplates } from './templates.ts';
const compiled = {
${[...precompileTemplates(readTemplates())].map(([name, code]) => `${JSON.stringify(name)}: ${code}`).join(',\n')}
};
export function loadTemplates() {
  const engine = Handlebars.create();
  return connectTemplates(engine, new Map(Object.entries(compiled).map(([name, spec]) => [name, engine.template(spec)])));
}`,
      loader: 'js',
    }));
  },
};
