import { expect, test } from 'vitest';
import { validateValue } from './validate.ts';

const schema = {
  type: 'object',
  properties: {
    city: { type: 'string', minLength: 2 },
    days: { type: 'array', items: { type: 'integer' } },
    unit: { anyOf: [{ const: 'c' }, { const: 'f' }] },
  },
  required: ['city'],
};

test('errors are reported at their location', () => {
  expect(validateValue(schema, { city: 'Rome', days: [1] }).size).toBe(0);
  expect([...validateValue(schema, {})]).toEqual([['/city', 'This is required.']]);
  expect([...validateValue(schema, { city: 'R' }).keys()]).toEqual(['/city']);
  expect([...validateValue(schema, { city: 'Rome', days: [1, 'x'] }).keys()]).toEqual(['/days/1']);
  expect(validateValue(schema, { city: 'Rome', unit: 'k' }).has('/unit')).toBe(true);
});

test('a schema that cannot be used reports no errors', () => {
  expect(validateValue({ $ref: '#/nowhere' }, {}).size).toBe(0);
});
