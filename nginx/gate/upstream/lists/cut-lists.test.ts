import { describe, expect, test } from 'vitest';
import { cutLists } from './cut-lists.ts';

const keep = (_kind: string, name: string, text: string) => (['a', 'c', 'd://a'].includes(name) ? text : undefined);
const cut = (json: string) => cutLists(json, keep);

describe('lists', () => {
  test.each([
    ['{"result":{"tools":[{"name":"a"},{"name":"b"}]}}', '{"result":{"tools":[{"name":"a"}]}}'],
    [
      '{"result":{"tools":[{"name":"b"}, {"name":"a", "x":1.0e5, "y":[]}]}}',
      '{"result":{"tools":[{"name":"a", "x":1.0e5, "y":[]}]}}',
    ],
    [
      '{"id":1, "result":{"tools":[{"name":"b"},{"name":"a"},{"name":"c"}],"nextCursor":"z"},"jsonrpc":"2.0"}',
      '{"id":1, "result":{"tools":[{"name":"a"},{"name":"c"}],"nextCursor":"z"},"jsonrpc":"2.0"}',
    ],
    ['{"result":{"resources":[{"uri":"d://a"},{"uri":"d://b"}]}}', '{"result":{"resources":[{"uri":"d://a"}]}}'],
    ['{"result":{"resourceTemplates":[{"uriTemplate":"d://{x}"}]}}', '{"result":{"resourceTemplates":[]}}'],
    ['{"result":{"prompts":[{"name":"c"},{"name":"x"}]}}', '{"result":{"prompts":[{"name":"c"}]}}'],
    [
      '[{"result":{"tools":[{"name":"b"}]}},{"result":{"tools":[{"name":"a"}]}}]',
      '[{"result":{"tools":[]}},{"result":{"tools":[{"name":"a"}]}}]',
    ],
    ['{"result":{"tools":[{"name":"b"}],"prompts":[{"name":"b"}]}}', '{"result":{"tools":[],"prompts":[]}}'],
  ])('%s', (json, expected) => {
    expect(cut(json)).toBe(expected);
  });

  test.each([
    // Parsers that use the first or the last duplicate, or ignore the case of a name, find nothing either.
    '{"result":{"tools":[{"name":"a","name":"b"}]}}',
    '{"result":{"tools":[{"name":"a","Name":"b"}]}}',
    '{"result":{"tools":[{"name":"b"}]},"result":{"tools":[]}}',
    '{"result":{"tools":[{"name":"b"}],"tools":[]}}',
    '{"Result":{"Tools":[{"name":"b"}]}}',
    '{"re\\u0073ult":{"tool\\u017f":[{"name":"b"}]}}',
    '{"result":{"tools":[{"n\\u0061me":"b"}]}}',
    '{"result":{"tools":[{"name":{"x":"a"}},{"name":["a"]},{"name":1},{"title":"a"},{"name":"\\ud800"}]}}',
    '{"result":{"tools":["a","b",1,null,[{"name":"a"}]]}}',
    '{"result":{"tools":[{"x":{"name":"a"}}]}}',
  ])('no element of %s remains', (json) => {
    expect(JSON.stringify(JSON.parse(cut(json) ?? ''))).not.toMatch(/"(a|b)"|name/i);
  });

  test.each([
    '{"result":{"tools":[]}}',
    ' {"result" : {"tools" : [ {"name" : "a"} , {"name":"c"} ] } } ',
    '{"result":{"content":[{"type":"text","name":"b"}],"structuredContent":{"tools":[{"name":"b"}]}}}',
    '{"method":"x","params":{"tools":[{"name":"b"}]}}',
    '{"error":{"code":1,"message":"m"}}',
    '{"result":{}}',
    '{"result":[]}',
    '{"tools":[{"name":"b"}]}',
  ])('%s is unchanged', (json) => {
    expect(cut(json)).toBe(json);
  });

  test.each(['', 'x', '{"result":{"tools":[{"name":"a"}', '{"result":{}}x', "{'result':{}}", '{"a":"\x80"}'])(
    '%j is not JSON',
    (json) => {
      expect(cut(json)).toBeUndefined();
    },
  );
});
