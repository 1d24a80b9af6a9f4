import { describe, expect, test } from 'vitest';
import { initialValue, schemaToField, type Field, type Schema } from './schema-to-field.ts';

const field = (schema: Schema, root: Schema = schema): Field => schemaToField(schema, root);

describe('form field of a schema node', () => {
  test('plain types, formats and limits', () => {
    expect(field({ type: 'string', format: 'date-time' })).toMatchObject({ kind: 'text', format: 'date-time' });
    expect(field({ type: 'integer', minimum: 1, maximum: 9 })).toMatchObject({
      kind: 'number',
      isInteger: true,
      min: 1,
      max: 9,
    });
    expect(field({ type: 'boolean', default: true })).toMatchObject({ kind: 'boolean', fallback: true });
    expect(field({ enum: ['a', 1, null] })).toMatchObject({ kind: 'enum', options: ['a', 1, null] });
    expect(field({ oneOf: [{ const: 'a' }, { const: 'b' }] })).toMatchObject({ kind: 'enum', options: ['a', 'b'] });
    expect(field({ type: 'array', items: { type: 'string' } })).toMatchObject({
      kind: 'array',
      items: { type: 'string' },
    });
  });

  test('required members of an object are listed first', () => {
    const object = field({ properties: { a: {}, b: { type: 'string' } }, required: ['b'] });
    expect(object.kind === 'object' && object.properties.map(({ name }) => name)).toEqual(['b', 'a']);
  });

  test('references are resolved, even circular ones, but never outside the document', () => {
    const root = {
      $defs: {
        node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } },
        'a/b': { type: 'boolean' },
        loop: { $ref: '#/$defs/loop' },
      },
    };
    const node = field({ $ref: '#/$defs/node' }, root);
    expect(node).toMatchObject({ kind: 'object', properties: [{ name: 'next' }] });
    expect(field({ $ref: '#/$defs/a~1b' }, root).kind).toBe('boolean');
    expect(field({ $ref: '#/$defs/loop' }, root).kind).toBe('json');
    expect(field({ $ref: 'https://example.com/schema' }, root).kind).toBe('json');
    expect(field({ $ref: '#/$defs/none' }, root).kind).toBe('json');
  });

  test('allOf is merged if a form can express the result', () => {
    const both = field({
      allOf: [
        { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
        { properties: { b: { type: 'number' } } },
      ],
    });
    expect(both).toMatchObject({
      kind: 'object',
      properties: [
        { name: 'a', required: true },
        { name: 'b', required: false },
      ],
    });
    expect(field({ allOf: [{ type: 'string' }, { type: 'number' }] }).kind).toBe('json');
  });

  test('variants become a choice, named by title, discriminator or type, with the keywords beside them', () => {
    const choice = field({
      type: 'object',
      properties: { id: { type: 'string' } },
      oneOf: [
        { properties: { kind: { const: 'city' }, name: { type: 'string' } } },
        { title: 'By coordinates', properties: { lat: { type: 'number' } } },
      ],
    });
    if (choice.kind !== 'choice') throw new Error(choice.kind);
    expect(choice.choices.map(({ label }) => label)).toEqual(['kind: "city"', 'By coordinates']);
    const first = field(choice.choices[0]?.schema ?? {});
    expect(first.kind === 'object' && first.properties.map(({ name }) => name)).toEqual(['id', 'kind', 'name']);
    expect(field({ anyOf: [{ type: 'object' }, { type: 'null' }] })).toMatchObject({
      choices: [{ label: 'Object' }, { label: 'Null' }],
    });
    expect(field({ type: ['string', 'null'] })).toMatchObject({
      kind: 'choice',
      choices: [{ label: 'Text' }, { label: 'Null' }],
    });
  });

  test('a node that no form can show is edited as JSON', () => {
    expect(field({}).kind).toBe('json');
    expect(field({ type: 'object', additionalProperties: { type: 'string' } }).kind).toBe('json');
    expect(field({ type: 'array', prefixItems: [{ type: 'string' }] }).kind).toBe('json');
    const outer = field({ properties: { a: { type: 'array', prefixItems: [] }, b: { type: 'string' } } });
    expect(outer.kind).toBe('object');
  });
});

test('a form starts with the required values that are known, and nothing optional', () => {
  const schema = {
    type: 'object',
    properties: {
      kind: { const: 'x' },
      depth: { type: 'integer', default: 3 },
      optional: { type: 'string', default: 'never sent untouched' },
      nested: {
        type: 'object',
        properties: { list: { type: 'array' }, name: { type: 'string' } },
        required: ['list', 'name'],
      },
    },
    required: ['kind', 'depth', 'nested'],
  };
  expect(initialValue(schema, schema)).toEqual({ kind: 'x', depth: 3, nested: { list: [] } });
});
