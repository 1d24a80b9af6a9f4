import { describe, expect, it } from 'vitest';
import { listParameters } from './list-parameters.ts';

const types = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  listParameters({ inputSchema: { type: 'object', properties, ...more } as never }).map(({ type }) => type);

describe('listParameters', () => {
  it('formats types as text', () => {
    expect(
      types(
        {
          a: { type: 'string' },
          b: { enum: ['x', 'y'] },
          c: { type: 'array', items: { type: 'number' } },
          d: { anyOf: [{ type: 'object' }, { type: 'null' }] },
          e: { type: ['string', 'null'] },
          f: { $ref: '#/$defs/F' },
          g: true,
          h: { const: 3 },
        },
        { $defs: { F: { type: 'integer' } } },
      ),
    ).toEqual(['string', '"x" | "y"', 'number[]', 'object | null', 'string | null', 'integer', 'any', '3']);
  });
  it('lists required parameters first', () => {
    const found = listParameters({
      inputSchema: { properties: { a: {}, b: { description: 'the b' } }, required: ['b'] },
    });
    expect(found.map(({ name, required }) => [name, required])).toEqual([
      ['b', true],
      ['a', false],
    ]);
    expect(found[0]?.description).toBe('the b');
  });
  it('follows references to names with special characters, and includes keywords beside them', () => {
    const $defs = { 'a/b': { $ref: '#/$defs/c' }, c: { type: 'integer', description: 'the c' } };
    const properties = { a: { $ref: '#/$defs/a~1b' }, b: { $ref: '#/$defs/c', description: 'the b' } };
    const found = listParameters({ inputSchema: { properties, $defs } });
    expect(found.map(({ type, description }) => [type, description])).toEqual([
      ['integer', 'the c'],
      ['integer', 'the b'],
    ]);
  });
  it('handles recursive and empty schemas', () => {
    expect(types({ a: { $ref: '#/properties/a' } })).toEqual(['any']);
    expect(types({ a: { type: 'array', items: { $ref: '#/properties/a' } } })).toEqual(['…[][][][][]']);
    expect(listParameters({ inputSchema: {} })).toEqual([]);
  });
});
