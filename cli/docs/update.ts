import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatDocs } from './format-docs.ts';

// `npm run docs:cli`
const file = resolve(import.meta.dirname, '../../docs/cli.md');
writeFileSync(file, await formatDocs(file));
