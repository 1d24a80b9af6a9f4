import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OWN_ERRORS } from './gateway-answers.ts';

const root = join(import.meta.dirname, '../../..');

/** Reasons as the gate's sources write them. */
function readGateReasons(): string[] {
  const folder = join(root, 'nginx/gate');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !/\.test\.ts$|^(build|access\/records|json\/scan\/(test|cases))\b/.test(name),
  );
  const text = sources.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  return [...text.matchAll(/(?:reason: |unavailable\(|unauthorized\(|refuse\()'([a-z_]+)'/g)].map(
    ([, reason = '']) => reason,
  );
}

test('docs/errors.md names every reason that an agent can receive', () => {
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
  const reasons = new Set([...readGateReasons(), ...OWN_ERRORS.map(({ reason }) => reason)]);
  expect(reasons.size).toBeGreaterThan(30);
  expect([...reasons].filter((reason) => !page.includes(`\`${reason}\``))).toEqual([]);
});
