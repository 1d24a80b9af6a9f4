import { join, resolve } from 'node:path';
import { bundlePrograms } from './bundle-programs.ts';
import { writeBuilt } from './write-built.ts';

// `npm run build:programs`: what Node runs, into dist/.
const begun = new Date();
const root = resolve(import.meta.dirname, '../..');
for (const { path, contents } of await bundlePrograms(root, join(root, 'dist'))) writeBuilt(path, contents, begun);
