import type { Plugin } from 'esbuild';
import { readTemplates } from '../../registry/publishing/render/read-templates.ts';

/**
 * Puts the texts of NGINX's templates into the program. Read at run time, they would be newer than the program after an update of the checkout,
 * as soon as a registry that crashed is restarted.
 */
export const embedTemplates: Plugin = {
  name: 'embed-templates',
  setup(steps) {
    steps.onLoad({ filter: /\/registry\/publishing\/render\/read-templates\.ts$/ }, () => ({
      contents: `const templates = new Map(${JSON.stringify([...readTemplates()])});
export const readTemplates = () => templates;`,
      loader: 'js',
    }));
  },
};
