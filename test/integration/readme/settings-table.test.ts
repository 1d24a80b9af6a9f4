import { expect, test } from 'vitest';
import { SETTING_SCHEMA } from '../../../registry/settings/setting-schema.ts';
import { README } from './blocks.ts';

test('the settings table contains every setting once, with its default', () => {
  const rows = README.split('\n')
    .filter((line) => /^\| `[A-Z]/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const named = rows.flatMap(([, names = '']) => [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name));
  expect([...named].sort()).toEqual(Object.keys(SETTING_SCHEMA.shape).sort());
  const defaults = SETTING_SCHEMA.parse({}) as Record<string, unknown>;
  for (const [, names = '', shown = ''] of rows) {
    const name = /`([A-Z_]+)`/.exec(names)![1]!;
    const value = defaults[name];
    if (typeof value === 'string' || typeof value === 'number') expect([name, shown]).toEqual([name, `\`${value}\``]);
  }
});
