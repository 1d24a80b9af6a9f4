import { join, resolve } from 'node:path';
import { bundlePrograms } from './bundle-programs.ts';
import { moveBuilt } from './write-built.ts';

// `npm run build:programs`: what Node runs, into dist/.
const begun = new Date();
const root = resolve(import.meta.dirname, '../..');
const target = join(root, 'dist');
const made = join(target, `.new-${process.pid}`);
await bundlePrograms(root, made);
moveBuilt(made, target, begun);
