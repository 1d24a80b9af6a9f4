import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalizeTool as canonicalizeValue } from '../../../../registry/tools/snapshot/canonical-tool.ts';
import { canonicalizeTool } from './canonical-tool.ts';

const bytes = (text: string) => Buffer.from(text).toString('latin1');

test('the canonical form of a definition is the same as text and as a value, in any order and with any spaces', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.boolean(), (value, isSpaced) => {
      const schema = { type: 'object', properties: { value } };
      const tool = { name: 'a', description: 'é "b"', inputSchema: schema };
      const reordered = { inputSchema: schema, description: tool.description, name: 'a' };
      const text = JSON.stringify(reordered, null, isSpaced ? 2 : 0);
      // In Node a record has these members from its prototype; a Lua table does not.
      fc.pre(!Object.getOwnPropertyNames(Object.prototype).some((name) => text.includes(`"${name}"`)));
      fc.pre(text.isWellFormed() && !/\\ud[89a-f]/i.test(text) && !text.includes('\ufffd'));
      const stored = JSON.parse(text) as Parameters<typeof canonicalizeValue>[0];
      expect(canonicalizeTool(bytes(text))?.canonical).toBe(bytes(canonicalizeValue(stored)));
    }),
  );
});

test('members without approval are cut, and a definition that parsers read differently is refused', () => {
  expect(canonicalizeTool('{"_meta":{"x":1},"name": "a","icons":[]}')).toEqual({
    canonical: '{"4:name"1:a}',
    text: '{"name": "a"}',
  });
  expect(canonicalizeTool('{"name":"a","Name":"b"}')?.text).toBe('{"name":"a"}');
  for (const text of [
    '{"name":"a","name":"b"}',
    '{"name":"\\ud800"}',
    '{"inputSchema":{"a":1,"\\u0061":2}}',
    '{"name":',
  ])
    expect(canonicalizeTool(text), text).toBeUndefined();
});
