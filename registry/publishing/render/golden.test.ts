import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NginxFacts, Rendering, RoutePlan } from '../plan/route-plan.ts';
import { loadTemplates } from './load-templates.ts';
import { createRender } from './render.ts';

// One folder per case: `plan.json` is the input, the files in `expected/` are the output. A new folder with a plan.json is a new case;
// `npm run golden` writes the current output into `expected/`, to be reviewed as a diff.
const folder = join(import.meta.dirname, 'golden');
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

const FACTS: NginxFacts = { version: [1, 22, 1], modulesDir: '/usr/lib/nginx/modules', caFile: '/etc/ssl/ca.crt' };
/** Replaces the gate, which has its own tests. */
const GATE = 'return {}\n';

const render = createRender(loadTemplates());

function readFiles(dir: string): Rendering {
  return Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
}

function writeFiles(dir: string, files: Rendering): void {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
}

const cases = readdirSync(folder);

test('there are cases', () => {
  expect(cases.length).toBeGreaterThanOrEqual(20);
});

test.each(cases)('%s renders to the expected files', (name) => {
  const { facts, ...plan } = JSON.parse(readFileSync(join(folder, name, 'plan.json'), 'utf8')) as RoutePlan & {
    facts?: Partial<NginxFacts>;
  };
  const files = render(plan, { ...FACTS, ...facts }, 7, GATE);
  const expected = join(folder, name, 'expected');
  if (isUpdate) writeFiles(expected, files);
  expect(files).toEqual(readFiles(expected));
});
