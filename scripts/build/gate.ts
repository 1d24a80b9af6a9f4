import { join, resolve } from 'node:path';
import { bundleGate } from '../../registry/publishing/render/bundle-gate.ts';
import { GATE_FILE } from '../../registry/publishing/render/load-gate.ts';
import { writeBuilt } from './write-built.ts';

// `npm run build:gate`: what NGINX runs, into dist/.
const begun = new Date();
writeBuilt(join(resolve(import.meta.dirname, '../..'), GATE_FILE), await bundleGate(), begun);
