import { inParams, utf8 } from './scan-case.ts';

/** Objects with a key twice. */
export const TWICE = {
  method: '{"method":"x","method":"y"}',
  escaped: '{"method":"a","m\\u0065thod":"b"}',
  'name, escaped': inParams(',"nam\\u0065":"forbidden"'),
  'both escaped': '{"method":"x","params":{"\\u0061b":1,"a\\u0062":1}}',
  deep: '{"method":"x","params":{"a":{"b":1,"b" :2}}}',
  'in an array': '{"method":"x","params":[{"":1,"":2}]}',
  quotes: '{"method":"x","params":{"\\"":1,"\\"":2}}',
  backslashes: '{"method":"x","params":{"a\\\\":1,"a\\\\"\n:2}}',
  'another spelling of a slash': '{"method":"x","params":{"a/":1,"a\\/":2}}',
  __proto__: '{"method":"x","__proto__":1,"__proto__":2}',
  'after other objects': '{"method":"a","x":{"a":1,"b":{"a":1},"a":2}}',
  'pair and character': utf8('{"method":"x","a":{"\\ud83d\\ude00":1,"\u{1f600}":2}}'),
  'two-byte character': utf8('{"method":"x","a":{"\\u00e9":1,"\u00e9":2}}'),
  'halves of pairs': '{"method":"x","a":{"\\ud800":1,"\\ud801":2}}',
  'half a pair and U+FFFD': utf8('{"method":"x","a":{"\\udc00":1,"\ufffd":2}}'),
  'in the second message': '[{"method":"x"},{"method":"y","a":1,"a":2}]',
};
