import { expect, test } from 'vitest';
import { explainMalformed, explainTool, nameOf } from './validate-tool.ts';

const VALID = { name: 'echo', inputSchema: { type: 'object' } };

test.each([
  [VALID, null],
  [{ name: 'bad' }, 'inputSchema: expected object, received undefined'],
  [7, 'expected object, received number'],
  [{ ...VALID, name: 'x'.repeat(257) }, 'the name is longer than 256 characters'],
  [
    { ...VALID, inputSchema: { type: 'object', properties: { n: { type: 'int' } } } },
    'inputSchema.properties.n.type: expected one of array, boolean, integer, null, number, object, string, received "int"',
  ],
])('%j: %s', (listed, problem) => {
  expect(explainTool(listed, 'modern')).toBe(problem);
});

test('an output schema that is not of an object is valid in the modern era only', () => {
  const tool = { ...VALID, outputSchema: { type: 'array' } };
  expect(explainTool(tool, 'modern')).toBeNull();
  expect(explainTool(tool, 'legacy')).toBe('outputSchema: expected a JSON schema of type object');
});

test('a tool nested too deep is rejected before anything recurses into it', () => {
  let deep: unknown = {};
  for (let level = 0; level < 100_000; level += 1) deep = { deep };
  expect(explainTool({ ...VALID, inputSchema: { type: 'object', properties: deep } }, 'legacy')).toBe(
    'nested deeper than 60 levels',
  );
});

test('a name is taken from anything that has one', () => {
  expect([VALID, { name: 7 }, null, 'x'].map(nameOf)).toEqual(['echo', null, null, null]);
});

test('the explanation names three and counts the others', () => {
  const invalid = ['a', 'b', null, 'd', 'e'].map((name) => ({ name, problem: 'why' }));
  expect(explainMalformed(invalid)?.problem).toBe(
    'Invalid tools, omitted: "a" (why), "b" (why), a tool without a name (why) and 2 more',
  );
  expect(explainMalformed([])).toBeNull();
});
