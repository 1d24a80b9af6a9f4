import { expect, test } from 'vitest';
import { explainJsonSchema } from './validate-json-schema.ts';

test.each([
  {},
  true,
  { type: ['string', 'null'], enum: ['a', null] },
  { type: 'object', required: ['a'], properties: { a: { items: { type: 'string' } } }, additionalProperties: false },
  { anyOf: [{ type: 'string' }, true], $defs: { a: { not: {} } }, items: [{ type: 'integer' }] },
  // Names of properties have no meaning.
  { properties: { type: { type: 'string' }, required: { type: 'boolean' } } },
  { const: { type: 'int' }, default: { type: 'int' }, examples: [{ type: 'int' }], 'x-own': { type: 'int' } },
])('%j is a JSON Schema', (schema) => {
  expect(explainJsonSchema(schema, 'inputSchema')).toBeNull();
});

test.each([
  [{ type: 'int' }, 'inputSchema.type: expected one of'],
  [{ type: ['string', 7] }, 'inputSchema.type: expected one of'],
  [{ required: true }, 'inputSchema.required: expected an array of names'],
  [{ enum: 'a' }, 'inputSchema.enum: expected an array'],
  [{ properties: [] }, 'inputSchema.properties: expected an object of schemas'],
  [{ anyOf: {} }, 'inputSchema.anyOf: expected an array of schemas'],
  [{ properties: { a: 'string' } }, 'inputSchema.properties.a: expected a schema'],
  [{ allOf: [{}, { items: { type: 'str' } }] }, 'inputSchema.allOf.1.items.type: expected one of'],
])('%j is not a JSON Schema', (schema, problem) => {
  expect(explainJsonSchema(schema, 'inputSchema')).toContain(problem);
});
