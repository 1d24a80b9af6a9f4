import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalizeTool as canonicalizeValue } from '../../../../registry/tools/snapshot/canonical-tool.ts';
import { canonicalizeTool } from './canonical-tool.ts';

const bytes = (text: string) => Buffer.from(text).toString('latin1');

test('a definition as text and as a value have one canonical form, whatever the order of members and the spaces', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.boolean(), (value, isSpaced) => {
      const schema = { type: 'object', properties: { value } };
      const tool = { name: 'a', description: 'é "b"', inputSchema: schema };
      const turned = { inputSchema: schema, description: tool.description, name: 'a' };
      const text = JSON.stringify(turned, null, isSpaced ? 2 : 0);
      // In Node a record has these members from its prototype; a table of Lua has none.
      fc.pre(!Object.getOwnPropertyNames(Object.prototype).some((name) => text.includes(`"${name}"`)));
      fc.pre(text.isWellFormed() && !/\\ud[89a-f]/i.test(text) && !text.includes('\ufffd'));
      const stored = JSON.parse(text) as Parameters<typeof canonicalizeValue>[0];
      expect(canonicalizeTool(bytes(text))?.canonical).toBe(bytes(canonicalizeValue(stored)));
    }),
  );
});

test('members that nobody approves are cut out, and a definition that parsers read differently is none', () => {
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
