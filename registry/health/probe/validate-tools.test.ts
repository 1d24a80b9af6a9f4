import { expect, test } from 'vitest';
import { explainInvalidTools, validateTools } from './validate-tools.ts';

const VALID = { name: 'echo', inputSchema: { type: 'object' } };

function deliver(tools: unknown, era: 'legacy' | 'modern' = 'modern') {
  const delivered: unknown[] = [];
  const transport = { onmessage: (message: never) => void delivered.push(message) };
  const invalid = validateTools(transport, era);
  (transport.onmessage as (message: unknown) => void)({ id: 1, result: { tools, nextCursor: 'c' } });
  return { delivered, invalid };
}

test('invalid tools are removed and named, and nothing else of the message changes', () => {
  const { delivered, invalid } = deliver([VALID, { name: 'bad' }, 7]);
  expect(delivered).toEqual([{ id: 1, result: { tools: [VALID], nextCursor: 'c' } }]);
  expect(invalid).toEqual([
    { name: 'bad', problem: 'inputSchema: expected object, received undefined' },
    { name: null, problem: 'expected object, received number' },
  ]);
});

test('a message without a list of tools is passed on as it is', () => {
  for (const tools of [undefined, null, 'x', { a: 1 }]) {
    const { delivered, invalid } = deliver(tools);
    expect(delivered).toEqual([{ id: 1, result: { tools, nextCursor: 'c' } }]);
    expect(invalid).toEqual([]);
  }
});

test('an output schema that is not of an object is valid in the modern era only', () => {
  const tool = { ...VALID, outputSchema: { type: 'array' } };
  expect(deliver([tool], 'modern').invalid).toEqual([]);
  expect(deliver([tool], 'legacy').invalid).toEqual([
    { name: 'echo', problem: 'outputSchema: expected a JSON schema of type object' },
  ]);
});

test('a tool nested too deep is removed before anything recurses into it', () => {
  let deep: unknown = {};
  for (let level = 0; level < 100_000; level += 1) deep = { deep };
  const { invalid } = deliver([{ ...VALID, inputSchema: { type: 'object', properties: deep } }]);
  expect(invalid).toEqual([{ name: 'echo', problem: 'nested deeper than 60 levels' }]);
});

test('the explanation names three and counts the others', () => {
  const invalid = ['a', 'b', null, 'd', 'e'].map((name) => ({ name, problem: 'why' }));
  expect(explainInvalidTools(invalid).problem).toBe(
    'Invalid tools, omitted: "a" (why), "b" (why), a tool without a name (why) and 2 more',
  );
});
